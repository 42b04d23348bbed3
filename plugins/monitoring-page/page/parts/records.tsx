import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { StateAnswer } from '../../answer/state.ts';
import { isGap } from '../../view/row-list.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';
import { FilterBar } from './filter-bar.tsx';
import { RecordRow } from './record-row.tsx';
import { useSearch } from './use-search.ts';

export interface RecordsProps {
  readonly state: StateAnswer;
  /** Whether it stands in the editor's tab, which scrolls by itself. */
  readonly isInside?: boolean;
}

/** The last hour: what came last stands first, and moves on only while a reader is at that edge. */
export function Records({ state, isInside = false }: RecordsProps) {
  const { feed, words, formats } = useUi();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState<number | undefined>();
  const [isPaused, setPaused] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { lines, isTooSlow } = useSearch(feed.list.lines, typed);
  useFollowing(top, list, isInside, isPaused || opened !== undefined);
  const toggle = useCallback((number: number) => setOpened((before) => (before === number ? undefined : number)), []);
  const search = useCallback((text: string) => setTyped(text), []);
  const { waitingCount } = feed.list;
  const release = (): void => {
    setPaused(false);
    setOpened(undefined);
    feed.list.release();
    top.current?.scrollIntoView({ block: 'center' });
    void feed.choose(feed.kind);
  };
  return (
    <Card
      id="records"
      title={words('page.lastHour')}
      note={
        <>
          {words('page.list.complete', { time: formats.since(feed.sinceMs, feed.nowMs) })}{' '}
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
        fault={isTooSlow ? words('page.list.tooSlow') : ''}
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
        <ul>
          {lines.map((line) =>
            isGap(line) ? (
              <li key={line.number} class="im-gap">
                {words('page.list.gap', { count: formats.whole(line.gap) })}
              </li>
            ) : (
              <RecordRow
                key={line.number}
                row={line}
                isOpen={opened === line.number}
                onToggle={toggle}
                onSearch={search}
              />
            ),
          )}
        </ul>
        {lines.length === 0 && (
          <p class="im-empty">{words(typed === '' ? 'page.list.empty' : 'page.list.nothingFound')}</p>
        )}
      </div>
      <footer class="im-list-foot">
        <span>{words('page.list.shown', { count: formats.whole(lines.length) })}</span>
        {!feed.isEndOfList && (
          <button type="button" class="im-link" onClick={() => void feed.loadOlder()}>
            {words('page.list.older')}
          </button>
        )}
      </footer>
    </Card>
  );
}

type Box = { readonly current: HTMLElement | null };

/** Holds the list while a reader is not at its edge, reads an opened record, or has marked a text in it. */
function useFollowing(top: Box, list: Box, isInside: boolean, isStopped: boolean): void {
  const { feed } = useUi();
  useEffect(() => {
    const decide = (): void => {
      const edge = top.current?.getBoundingClientRect();
      const view = isInside ? list.current?.closest('.im-side')?.getBoundingClientRect().top : 0;
      const isAtEdge = edge !== undefined && edge.top > (view ?? 0) - 40;
      const selection = document.getSelection();
      const isMarked =
        selection !== null && !selection.isCollapsed && list.current?.contains(selection.anchorNode) === true;
      if (!isAtEdge || isStopped || isMarked) feed.list.hold();
      else feed.list.release();
    };
    decide();
    const box = isInside ? list.current?.closest('.im-side') : document;
    box?.addEventListener('scroll', decide, { passive: true });
    document.addEventListener('selectionchange', decide);
    return () => {
      box?.removeEventListener('scroll', decide);
      document.removeEventListener('selectionchange', decide);
    };
  }, [feed, top, list, isInside, isStopped]);
}
