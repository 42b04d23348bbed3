import { useState } from 'preact/hooks';
import type { StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';
import { ContainerLines } from './container-lines.tsx';

type Container = StateAnswer['containers'][number];

const SHOWN = 12;

function moodOf({ state, exitCode, health }: Container): 'bad' | 'warning' | 'plain' {
  if (state === 'exited' && exitCode !== 0) return 'bad';
  return health === 'unhealthy' ? 'warning' : 'plain';
}

const RANK = { bad: 0, warning: 1, plain: 2 };

/** The containers, what is wrong first; a name opens its last lines. */
export function Containers({ state: { containers } }: { readonly state: StateAnswer }) {
  const { words } = useUi();
  const [opened, setOpened] = useState<string | undefined>();
  const [showsAll, setShowsAll] = useState(false);
  if (containers.length === 0) return null;
  const sorted = containers.toSorted(
    (a, b) => RANK[moodOf(a)] - RANK[moodOf(b)] || b.errors - a.errors || b.lines - a.lines,
  );
  const shown = showsAll ? sorted : sorted.slice(0, SHOWN);
  return (
    <Card title={words('page.containers.title')} note={words('page.containers.note')}>
      <ul class="im-rows im-containers">
        {shown.map((container) => (
          <ContainerRow
            key={container.name}
            container={container}
            isOpen={container.name === opened}
            onToggle={() => setOpened(container.name === opened ? undefined : container.name)}
          />
        ))}
      </ul>
      {sorted.length > SHOWN && (
        <button type="button" class="im-link" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? words('page.containers.fewer') : words('page.containers.more', { count: sorted.length - SHOWN })}
        </button>
      )}
    </Card>
  );
}

interface RowProps {
  readonly container: Container;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function ContainerRow({ container, isOpen, onToggle }: RowProps) {
  const { words, formats } = useUi();
  const { name, lines, errors, lastError } = container;
  return (
    <li class={`im-${moodOf(container)}`}>
      <span class="im-dot" aria-hidden="true" />
      <button type="button" class="im-name im-plain-button" aria-expanded={isOpen} onClick={onToggle}>
        <b>
          <bdi>{plainText(name)}</bdi>
        </b>
      </button>
      <span class="im-condition">
        <Condition container={container} />
      </span>
      <code class="im-last">
        <bdi>{plainText(lastError)}</bdi>
      </code>
      <span class="im-lines">
        {words(lines === 1 ? 'page.containers.oneLine' : 'page.containers.lines', { count: formats.whole(lines) })}
      </span>
      <span class={errors > 0 ? 'im-errors im-warning' : 'im-errors'}>
        {words('page.containers.errors', { count: formats.whole(errors) })}
      </span>
      {isOpen && <ContainerLines name={name} />}
    </li>
  );
}

function Condition({ container }: { readonly container: Container }) {
  const { feed, words, formats } = useUi();
  const { state, exitCode, health, sinceMs, isOutOfMemory } = container;
  const span = sinceMs === null ? '' : formats.span(feed.nowMs - sinceMs);
  if (state === 'exited') {
    const code = words('page.containers.exited', { code: exitCode ?? '?' });
    return (
      <>
        <b>{isOutOfMemory ? `${code}, ${words('page.containers.oom')}` : code}</b>, {words('page.ago', { span })}
      </>
    );
  }
  if (state === 'removed') return <>{words('page.containers.removed', { span })}</>;
  const up = sinceMs === null ? words('page.containers.runs') : words('page.containers.up', { span });
  if (health === '') return <>{up}</>;
  return health === 'healthy' ? (
    <>
      {up}, {words('page.containers.healthy')}
    </>
  ) : (
    <>
      <b>{health === 'unhealthy' ? words('page.containers.unhealthy') : plainText(health)}</b> {span}
    </>
  );
}
