import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isGap, type Line } from '../../view/row-list.ts';
import { parseSearch, searchedText, withText } from '../../view/search.ts';
import { PatternSearch } from '../pattern-search.ts';
import { useUi } from '../ui.ts';

export interface Found {
  readonly lines: readonly Line[];
  /** Whether the pattern took too long. */
  readonly isTooSlow: boolean;
}

/** The lines that fit what is typed. */
export function useSearch(lines: readonly Line[], typed: string): Found {
  const { workerAddress } = useUi();
  const search = useMemo(() => parseSearch(typed), [typed]);
  const searcher = useRef<PatternSearch | undefined>(undefined);
  searcher.current ??= new PatternSearch(workerAddress);
  const [found, setFound] = useState<{ readonly source: string; readonly numbers: ReadonlySet<number> | undefined }>();
  const source = search.kind === 'pattern' ? search.source : undefined;
  useEffect(() => {
    if (source === undefined) return;
    const rows = lines.flatMap((line) => (isGap(line) ? [] : [line]));
    void searcher.current?.find(source, rows.map(searchedText)).then((indexes) => {
      const numbers = indexes && new Set([...indexes].map((index) => rows[index]?.number ?? Number.NaN));
      setFound({ source, numbers });
    });
  }, [source, lines]);
  const shown = useMemo(() => {
    if (search.kind === 'none') return lines;
    if (search.kind === 'text') return withText(lines, search.text);
    const numbers = found?.source === search.source ? found.numbers : new Set<number>();
    return lines.filter(({ number }) => numbers?.has(number) === true);
  }, [search, lines, found]);
  return {
    lines: shown,
    isTooSlow: search.kind === 'pattern' && found?.source === search.source && found.numbers === undefined,
  };
}
