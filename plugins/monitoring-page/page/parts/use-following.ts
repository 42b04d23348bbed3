import { useEffect } from 'preact/hooks';
import { useUi } from '../ui.ts';

type Box = { readonly current: HTMLElement | null };

/** Holds the list while a reader is not at its edge, reads an opened record, or has marked a text in it. */
export function useFollowing(top: Box, list: Box, isInside: boolean, isStopped: boolean): void {
  const { feed } = useUi();
  useEffect(() => {
    const { rows } = feed.records;
    const decide = (): void => {
      const edge = top.current?.getBoundingClientRect();
      const view = isInside ? list.current?.closest('.im-side')?.getBoundingClientRect().top : 0;
      const isAtEdge = edge !== undefined && edge.top > (view ?? 0) - 40;
      const selection = document.getSelection();
      const isMarked =
        selection !== null && !selection.isCollapsed && list.current?.contains(selection.anchorNode) === true;
      const wasHeld = rows.isHeld;
      if (!isAtEdge || isStopped || isMarked) rows.hold();
      else rows.release();
      // What is held is shown to its end.
      if (rows.isHeld !== wasHeld) feed.draw();
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
