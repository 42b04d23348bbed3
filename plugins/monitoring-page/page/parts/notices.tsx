import type { Feed } from '../feed.ts';
import { useUi } from '../ui.ts';

const CLOCK_OFF_MS = 30_000;

interface Notice {
  readonly key: string;
  readonly isBad: boolean;
  readonly values?: { readonly [name: string]: string };
}

/** What keeps a reader from the data. */
function contactNotices({ contact, fault, state, who }: Feed): Notice[] {
  if (contact === 'login') {
    const key = who?.hasEditor === false ? 'loginNoEditor' : state === undefined ? 'login' : 'sessionEnded';
    return [{ key, isBad: true }];
  }
  if (contact === 'refused')
    return [{ key: fault === 'host' ? 'host' : 'refused', isBad: true, values: { host: location.host } }];
  if (contact === 'full') return [{ key: 'full', isBad: true }];
  return contact === 'lost' && state === undefined ? [{ key: 'lost', isBad: true }] : [];
}

/** What of the data is not as one would think. */
function stateNotices({ state, who, clockOffMs, client }: Feed, span: (ms: number) => string): Notice[] {
  if (state === undefined) return [];
  const offMs = Math.abs(clockOffMs);
  return [
    ...(state.flowsRun ? [] : [{ key: 'flowsStopped', isBad: true }]),
    ...(state.isClockWrong ? [{ key: 'clockWrong', isBad: true }] : []),
    ...(state.isKept ? [] : [{ key: 'notKept', isBad: false }]),
    ...(offMs > CLOCK_OFF_MS ? [{ key: 'clockOff', isBad: false, values: { span: span(offMs) } }] : []),
    // Where others may read, too, an old token is no error: who had logged in would not see why less is shown.
    ...(who?.isAnonymous === true && client.hasToken ? [{ key: 'sessionEnded', isBad: false }] : []),
    ...(who?.isAnonymous === true && !who.withNames ? [{ key: 'masked', isBad: false }] : []),
  ];
}

/** What a reader must know before all else: no right, no contact, stopped flows, clocks that differ. */
export function Notices() {
  const { feed, words, formats, editorAddress } = useUi();
  const notices = [...contactNotices(feed), ...stateNotices(feed, (ms) => formats.span(ms))];
  return (
    <div class="im-notices">
      <div role="status">
        {notices.map(({ key, isBad, values }) => (
          <p key={key} class={isBad ? 'im-notice im-notice-bad' : 'im-notice'}>
            {words(`page.notice.${key}`, values)}{' '}
            {(key === 'login' || key === 'sessionEnded') && editorAddress !== undefined && (
              <a href={editorAddress}>{words('page.editor')}</a>
            )}
          </p>
        ))}
      </div>
      {feed.hasNewVersion && (
        <p class="im-notice">
          {words('page.notice.newVersion')}{' '}
          <button type="button" onClick={() => location.reload()}>
            {words('page.notice.reload')}
          </button>
        </p>
      )}
    </div>
  );
}
