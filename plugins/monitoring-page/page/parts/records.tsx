import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { StateAnswer } from '../../answer/state.ts';
import { isGap, type Line } from '../../view/row-list.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';
import { FilterBar } from './filter-bar.tsx';
import { RecordRow } from './record-row.tsx';
import { useFollowing } from './use-following.ts';
import { useGrowing } from './use-growing.ts';

export interface RecordsProps {
  readonly state: StateAnswer;
  /** Whether it stands in the editor's tab, which scrolls by itself. */
  readonly isInside?: boolean;
}

/** What is typed is looked for once nothing more was typed for so long. */
const TYPING_MS = 250;
/** While more comes than can be read, the newest are shown. */
const NEWEST = 100;

/** The last hour: what came last stands first, and moves on only while a reader is at that edge. */
export function Records({ state, isInside = false }: RecordsProps) {
  const { feed, words, formats } = useUi();
  const { records } = feed;
  const { rows } = records;
  const [typed, setTyped] = useSearch();
  const [opened, setOpened] = useState<number | undefined>();
  const [isPaused, setPaused] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useFollowing(top, list, isInside, isPaused || opened !== undefined);
  const toggle = useCallback((number: number) => setOpened((before) => (before === number ? undefined : number)), []);
  const { waitingCount, lines } = rows;
  const isRushing = records.isRushing && !rows.isHeld && lines.length > NEWEST;
  const limit = useGrowing(isRushing ? NEWEST : lines.length, `${records.kind} ${typed}`);
  const release = (): void => {
    setPaused(false);
    setOpened(undefined);
    rows.release();
    top.current?.scrollIntoView({ block: 'center' });
    void feed.choose(records.kind);
  };
  return (
    <Card
      id="records"
      title={words('page.lastHour')}
      note={
        <>
          {words('page.list.complete', { time: formats.since(records.sinceMs, feed.nowMs) })}{' '}
          <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            {words(isPaused ? 'page.list.goOn' : 'page.list.pause')}
          </button>
        </>
      }
    >
      <FilterBar
        counts={state.counts}
        typed={typed}
        onType={setTyped}
        fault={records.filter.isTooSlow ? words('page.list.tooSlow') : ''}
      />
      <div ref={top} />
      {(waitingCount > 0 || isPaused) && (
        <button type="button" class="im-waiting" onClick={release}>
          {waitingCount > 0
            ? words('page.list.waiting', { count: formats.whole(waitingCount) })
            : words('page.list.paused')}
        </button>
      )}
      <div class="im-records" ref={list}>
        <Lines lines={lines.slice(0, limit)} opened={opened} onToggle={toggle} onSearch={setTyped} />
        {lines.length === 0 && !records.isSearching && (
          <p class="im-empty">{words(typed === '' ? 'page.list.empty' : 'page.list.nothingFound')}</p>
        )}
      </div>
      <ListFoot count={lines.length} isRushing={isRushing} />
    </Card>
  );
}

/** What is typed into the search, and how it is changed. The list follows a moment later. */
function useSearch(): readonly [string, (typed: string) => void] {
  const { feed } = useUi();
  const [typed, setTyped] = useState('');
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(() => void feed.searchFor(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [feed, typed]);
  return [typed, useCallback((text: string) => setTyped(text), [])];
}

interface LinesProps {
  readonly lines: readonly Line[];
  readonly opened: number | undefined;
  readonly onToggle: (number: number) => void;
  readonly onSearch: (text: string) => void;
}

function Lines({ lines, opened, onToggle, onSearch }: LinesProps) {
  const { words, formats } = useUi();
  return (
    <ul>
      {lines.map((line) =>
        isGap(line) ? (
          <li key={line.number} class="im-gap">
            {words(line.gap === 1 ? 'page.list.oneGap' : 'page.list.gap', { count: formats.whole(line.gap) })}
          </li>
        ) : (
          <RecordRow
            key={line.number}
            row={line}
            isOpen={opened === line.number}
            onToggle={onToggle}
            onSearch={onSearch}
          />
        ),
      )}
    </ul>
  );
}

function ListFoot({ count, isRushing }: { readonly count: number; readonly isRushing: boolean }) {
  const { feed, words, formats } = useUi();
  const { isSearching, searchedToMs, isEnd } = feed.records;
  const text = isRushing
    ? words('page.list.rushing', { count: NEWEST })
    : isSearching && searchedToMs !== undefined
      ? words('page.list.searching', { time: formats.time(searchedToMs) })
      : words(count === 1 ? 'page.list.oneShown' : 'page.list.shown', { count: formats.whole(count) });
  return (
    <footer class="im-list-foot">
      <span role={isSearching ? 'status' : undefined}>{text}</span>
      {!isEnd && !isSearching && !isRushing && (
        <button type="button" class="im-link" onClick={() => void feed.loadOlder()}>
          {words('page.list.older')}
        </button>
      )}
    </footer>
  );
}
