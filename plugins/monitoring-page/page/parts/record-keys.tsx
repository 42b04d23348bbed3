import { useEffect, useState } from 'preact/hooks';
import { containerNameOf } from '../../../../lib/pods/record-name.ts';
import { keysOf, type Row, rowOf } from '../../view/row.ts';
import { copyText } from '../copy-text.ts';
import { useUi } from '../ui.ts';

/** An opened record: its keys, and what can be done with it. */
export function RecordKeys({ row, onSearch }: { readonly row: Row; readonly onSearch: (text: string) => void }) {
  const { feed, words, formats, showNode } = useUi();
  const [whole, setWhole] = useState<Row>(row);
  const [isCopied, setCopied] = useState<boolean | undefined>();
  useEffect(() => {
    setWhole(row);
    // The list has the beginning of a long text only.
    feed.client
      .get('record', { number: row.number })
      .then((entry) => setWhole(rowOf(entry) ?? row))
      .catch(() => undefined);
  }, [feed, row]);
  const { record } = whole;
  const message = String(record.message ?? '');
  const address = typeof record.source_ip === 'string' ? record.source_ip : undefined;
  const container = containerNameOf(record);
  const json = JSON.stringify(record, undefined, 2);
  return (
    <div class="im-keys">
      {row.count > 1 && (
        <p class="im-small">
          {words('page.list.alike', {
            count: formats.whole(row.count),
            first: formats.time(row.firstMs),
            last: formats.time(row.shippedMs),
          })}
        </p>
      )}
      {(message.length > row.text.length || message.includes('\n')) && <pre class="im-message">{message}</pre>}
      <dl>
        {keysOf(record).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <p class="im-key-actions">
        {showNode !== undefined && row.node !== '' && (
          <button type="button" onClick={() => showNode(row.node)}>
            {words('page.list.showNode')}
          </button>
        )}
        {address !== undefined && (
          <button type="button" onClick={() => onSearch(address)}>
            {words('page.list.onlyAddress')}
          </button>
        )}
        {container !== undefined && (
          <button type="button" onClick={() => onSearch(container)}>
            {words('page.list.onlyContainer')}
          </button>
        )}
        <button type="button" onClick={() => void copyText(json).then(setCopied)}>
          {words(isCopied === undefined ? 'page.list.copy' : isCopied ? 'page.list.copied' : 'page.list.notCopied')}
        </button>
      </p>
      {isCopied === false && <textarea class="im-copy" readOnly value={json} aria-label={words('page.list.copy')} />}
    </div>
  );
}
