import type { Row } from '../../view/row.ts';
import { useUi } from '../ui.ts';
import { memo } from './memo.ts';
import { RecordKeys } from './record-keys.tsx';

export interface RecordRowProps {
  readonly row: Row;
  readonly isOpen: boolean;
  readonly onToggle: (number: number) => void;
  readonly onSearch: (text: string) => void;
}

/** A record in one line; a click opens its keys. One that did not change is left alone: what is selected stays selected. */
export const RecordRow = memo(function RecordRow({ row, isOpen, onToggle, onSearch }: RecordRowProps) {
  const { words, formats } = useUi();
  const { number, shippedMs, kind, subject, text, weight, count } = row;
  const open = (): void => {
    if (document.getSelection()?.isCollapsed !== false) onToggle(number);
  };
  return (
    <li class={`im-record im-${weight}${isOpen ? ' im-open' : ''}`}>
      <button type="button" class="im-record-line" aria-expanded={isOpen} onClick={open}>
        <time>{formats.time(shippedMs)}</time>
        <span class="im-kind">{words(`page.kind.${kind}`)}</span>
        <span class="im-subject">
          <bdi>{subject}</bdi>
        </span>
        <span class="im-text">
          {weight !== 'plain' && <span class="im-hidden">{words(`page.weight.${weight}`)} </span>}
          <bdi>{text}</bdi>
        </span>
        <span class="im-count">{count > 1 ? `×${formats.whole(count)}` : ''}</span>
      </button>
      {isOpen && <RecordKeys row={row} onSearch={onSearch} />}
    </li>
  );
});
