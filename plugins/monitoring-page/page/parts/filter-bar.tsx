import { KINDS, type Kind } from '../../answer/kinds.ts';
import type { StateAnswer } from '../../answer/state.ts';
import { useUi } from '../ui.ts';

export interface FilterBarProps {
  readonly counts: StateAnswer['counts'];
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly fault: string;
}

/** The chips, of which one is chosen, and the search. */
export function FilterBar({ counts, typed, onType, fault }: FilterBarProps) {
  const { feed, words, formats } = useUi();
  const countOf = (kind: Kind): string => {
    const count = counts[kind];
    return count === undefined ? '' : formats.whole(count);
  };
  return (
    <div class="im-filter">
      <fieldset class="im-chips" aria-label={words('page.list.show')}>
        {KINDS.map((kind) => (
          <button
            type="button"
            key={kind}
            aria-pressed={feed.records.kind === kind}
            onClick={() => void feed.choose(kind)}
          >
            {words(`page.chip.${kind}`)} <small>{countOf(kind)}</small>
          </button>
        ))}
      </fieldset>
      <input
        class="im-search"
        type="search"
        value={typed}
        placeholder={words('page.list.search')}
        aria-label={words('page.list.search')}
        title={words('page.list.searchHelp')}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
      {fault !== '' && <output class="im-search-fault">{fault}</output>}
    </div>
  );
}
