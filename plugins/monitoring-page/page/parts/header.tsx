import { useUi } from '../ui.ts';

/** Which host this is, the host's time, and whether what is shown is what is so now. */
export function Header() {
  const { feed, words, formats, editorAddress } = useUi();
  const { state, who } = feed;
  const uptime = state?.latest?.uptime_seconds;
  const isOtherZone = state !== undefined && state.zone !== '' && state.zone !== formats.zone;
  return (
    <header class="im-top">
      <div class="im-who">
        <h1>{state?.host ?? words('page.title')}</h1>
        {typeof uptime === 'number' && <span>{words('page.up', { span: formats.span(uptime * 1_000) })}</span>}
        {isOtherZone && (
          <span>{words('page.hostZone', { zone: state.zone, time: hostTime(state.zone, feed.nowMs) })}</span>
        )}
      </div>
      <div class="im-when">
        {state !== undefined && <b class="im-clock">{formats.head(feed.nowMs)}</b>}
        <Contact />
        {who !== undefined && who.name !== null && <span>{who.name}</span>}
        {who?.hasEditor === true && editorAddress !== undefined && <a href={editorAddress}>{words('page.editor')}</a>}
      </div>
    </header>
  );
}

/** "live, 2 s ago", or since when nothing was heard. */
export function Contact() {
  const { feed, words, formats } = useUi();
  const { contact, isStale, ageMs, nowMs, state } = feed;
  if (contact === 'connecting' || state === undefined) return <span>{words('page.contact.connecting')}</span>;
  if (isStale) {
    return <strong class="im-lost">{words('page.contact.none', { time: formats.time(nowMs - ageMs) })}</strong>;
  }
  const age = Math.max(0, Math.floor(ageMs / 1_000));
  return <span class="im-live">{words('page.contact.live', { age: formats.span(age * 1_000) })}</span>;
}

function hostTime(zone: string, nowMs: number): string {
  try {
    return new Intl.DateTimeFormat('de', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(nowMs);
  } catch {
    return '';
  }
}
