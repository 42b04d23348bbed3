import type { Feed } from './feed.ts';

/** What is seen again, or was out of contact, begins anew: events of the browser, and when that is so. */
const RETURNS: readonly (readonly [on: 'page' | 'document', event: string])[] = [
  ['page', 'pageshow'],
  ['page', 'online'],
  ['document', 'resume'],
];

export interface Sight {
  /** To be called where `isInView` may give another answer. */
  look(): void;
  close(): void;
}

/**
 * Tells a feed whether it can be seen, and when its page was frozen, put away, or without a network. `isInView`: whether the part
 * of the page is seen that it is for.
 */
export function followSight(feed: Feed, isInView: () => boolean): Sight {
  const look = (): void => feed.see(isInView() && document.visibilityState === 'visible');
  const returned = (event: Event): void => {
    // A page that is shown for the first time has just begun.
    if (event.type !== 'pageshow' || (event as PageTransitionEvent).persisted) feed.restart();
  };
  const listening = RETURNS.map(([on, event]) => [on === 'page' ? globalThis : document, event] as const);
  for (const [target, event] of listening) target.addEventListener(event, returned);
  document.addEventListener('visibilitychange', look);
  return {
    look,
    close() {
      for (const [target, event] of listening) target.removeEventListener(event, returned);
      document.removeEventListener('visibilitychange', look);
      feed.see(false);
    },
  };
}
