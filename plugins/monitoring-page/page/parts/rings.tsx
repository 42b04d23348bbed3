import { useState } from 'preact/hooks';
import type { RingingAlert, StateAnswer } from '../../answer/state.ts';
import type { PendingReport } from '../../digest/alert-reports.ts';
import { plainText } from '../../view/plain-text.ts';
import { NoAnswer } from '../client.ts';
import { useUi } from '../ui.ts';

const SHOWN = 12;
const SILENCES = ['15m', '1h', '4h', '1d', '7d'] as const;
type Condition = 'critical' | 'error' | 'warning' | 'notice' | 'silenced' | 'known' | 'held';

/** What an alert is to a reader: its severity, or why nobody is told. */
function conditionOf({ silentUntilMs, isAcknowledged, isTold, severity }: RingingAlert, nowMs: number): Condition {
  if (silentUntilMs !== null && silentUntilMs > nowMs) return 'silenced';
  if (isAcknowledged) return 'known';
  return isTold ? (severity as Condition) : 'held';
}

const RANK: { readonly [condition in Condition]?: number } = {
  critical: 0,
  error: 1,
  warning: 2,
  notice: 3,
  known: 4,
  held: 5,
  silenced: 6,
};
const QUIET = new Set<Condition>(['silenced', 'known', 'held']);

export interface RingsProps {
  readonly state: StateAnswer;
  readonly onAll?: () => void;
}

/** What rings, the worst first, with what can be done about it. */
export function Rings({ state, onAll }: RingsProps) {
  const { feed, words } = useUi();
  const [showsMore, setShowsMore] = useState(false);
  const rated = state.ringing
    .map((alert) => ({ alert, condition: conditionOf(alert, feed.nowMs) }))
    .sort((a, b) => (RANK[a.condition] ?? 3) - (RANK[b.condition] ?? 3) || b.alert.sinceMs - a.alert.sinceMs);
  const loud = rated.filter(({ condition }) => !QUIET.has(condition)).length;
  const quiet = rated.length - loud;
  const title =
    loud === 0 ? words('page.rings.none') : words(loud === 1 ? 'page.rings.one' : 'page.rings.many', { count: loud });
  return (
    <section class={`im-card im-rings${loud > 0 ? ' im-loud' : ''}`} aria-label={words('page.rings.label')}>
      <header class="im-card-head">
        <h2>
          <span role="status">{title}</span>
          {quiet > 0 && <small>{words('page.rings.quiet', { count: quiet })}</small>}
          {state.pending.length > 0 && <small>{words('page.rings.pending', { count: state.pending.length })}</small>}
        </h2>
        {onAll !== undefined && (
          <button type="button" class="im-link" onClick={onAll}>
            {words('page.rings.all')}
          </button>
        )}
      </header>
      <ul>
        {rated.slice(0, showsMore ? undefined : SHOWN).map(({ alert, condition }) => (
          <Ring key={alert.id} alert={alert} condition={condition} />
        ))}
        {state.pending.map((pending) => (
          <Pending key={`${pending.node} ${pending.key}`} pending={pending} />
        ))}
      </ul>
      {rated.length > SHOWN && (
        <button type="button" class="im-link" onClick={() => setShowsMore(!showsMore)}>
          {showsMore ? words('page.containers.fewer') : words('page.containers.more', { count: rated.length - SHOWN })}
        </button>
      )}
    </section>
  );
}

function Ring({ alert, condition }: { readonly alert: RingingAlert; readonly condition: Condition }) {
  const { feed, words, formats } = useUi();
  const nowMs = feed.nowMs;
  const told = alert.told.map(({ name, atMs }) =>
    words('page.rings.told', { name: plainText(name), time: formats.since(atMs, nowMs) }),
  );
  const silence =
    alert.silentUntilMs === null ? '' : words('page.rings.until', { time: formats.since(alert.silentUntilMs, nowMs) });
  return (
    <li class={`im-ring im-${condition}`}>
      <span class="im-severity">{words(`page.condition.${condition}`)}</span>
      <span class="im-ring-text">
        <b>
          <bdi>{plainText(alert.name)}</bdi>
        </b>{' '}
        <bdi>{plainText(sayingOf(alert))}</bdi>
      </span>
      <span class="im-ring-told">{condition === 'silenced' ? silence : told.join(', ')}</span>
      <span class="im-ring-since">{words('page.rings.since', { time: formats.since(alert.sinceMs, nowMs) })}</span>
      <span class="im-ring-span">{formats.span(nowMs - alert.sinceMs)}</span>
      {feed.who?.mayWrite === true && <Actions alert={alert} condition={condition} />}
    </li>
  );
}

/** An alert that may ring soon: how far it is. */
function Pending({ pending }: { readonly pending: PendingReport }) {
  const { feed, words, formats } = useUi();
  const { name, key, sinceMs, dueMs, count, of } = pending;
  const parts = [
    key,
    count === null || of === null
      ? ''
      : words('page.rings.countOf', { count: formats.number(count), limit: formats.number(of) }),
    dueMs === null ? '' : words('page.rings.due', { time: formats.since(dueMs, feed.nowMs) }),
  ];
  return (
    <li class="im-ring im-pending">
      <span class="im-severity">{words('page.condition.pending')}</span>
      <span class="im-ring-text">
        <b>
          <bdi>{plainText(name)}</bdi>
        </b>{' '}
        <bdi>{plainText(parts.filter((part) => part !== '').join(', '))}</bdi>
      </span>
      <span class="im-ring-told" />
      <span class="im-ring-since">
        {sinceMs !== null && words('page.rings.since', { time: formats.since(sinceMs, feed.nowMs) })}
      </span>
      <span class="im-ring-span">{sinceMs !== null && formats.span(feed.nowMs - sinceMs)}</span>
    </li>
  );
}

/** What its sentence says beyond its name, which stands before it. */
function sayingOf({ text, name, key }: RingingAlert): string {
  if (text === '') return key;
  const start = `${name}, `;
  const at = text.indexOf(start);
  return at >= 0 && at < 20 ? text.slice(at + start.length) : text;
}

function Actions({ alert, condition }: { readonly alert: RingingAlert; readonly condition: Condition }) {
  const { feed, words } = useUi();
  const [fault, setFault] = useState('');
  const [isOpen, setOpen] = useState(false);
  const { node, key } = alert;
  const tell = (command: object): void => {
    setFault('');
    setOpen(false);
    feed.command({ node, key, ...command }).catch((error) => {
      setFault(words(error instanceof NoAnswer && error.status === 401 ? 'page.rings.noRight' : 'page.rings.failed'));
    });
  };
  const label = `${plainText(alert.name)} ${plainText(key)}`;
  if (condition === 'silenced') {
    return (
      <span class="im-actions">
        <button type="button" aria-label={`${words('page.rings.wake')}: ${label}`} onClick={() => tell({ wake: true })}>
          {words('page.rings.wake')}
        </button>
        <output>{fault}</output>
      </span>
    );
  }
  return (
    <span class="im-actions">
      <span class="im-split">
        <button
          type="button"
          aria-label={`${words('page.rings.silence', { span: words('page.silence.1h') })}: ${label}`}
          onClick={() => tell({ silence: '1h' })}
        >
          {words('page.rings.silence', { span: words('page.silence.1h') })}
        </button>
        <button
          type="button"
          aria-label={`${words('page.rings.more')}: ${label}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          ▾
        </button>
      </span>
      {isOpen && (
        <span class="im-more">
          {SILENCES.map((span) => (
            <button type="button" key={span} onClick={() => tell({ silence: span })}>
              {words('page.rings.silence', { span: words(`page.silence.${span}`) })}
            </button>
          ))}
          {condition !== 'known' && condition !== 'held' && (
            <button type="button" onClick={() => tell({ acknowledge: true })}>
              {words('page.rings.acknowledge')}
            </button>
          )}
        </span>
      )}
      <output>{fault}</output>
    </span>
  );
}
