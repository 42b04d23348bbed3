import { useEffect, useState } from 'preact/hooks';
import { type Row, rowOf } from '../../view/row.ts';
import { useUi } from '../ui.ts';

const AGAIN_MS = 3_000;

/** The last hundred lines of a container. */
export function ContainerLines({ name }: { readonly name: string }) {
  const { feed, words, formats } = useUi();
  const [rows, setRows] = useState<readonly Row[] | undefined>();
  useEffect(() => {
    const leaving = new AbortController();
    const load = (): void => {
      if (document.visibilityState !== 'visible') return;
      feed.client
        .get<{ records: readonly unknown[] }>('records', { kind: 'all', container: name, most: 100 }, leaving.signal)
        .then(({ records }) => setRows(records.map(rowOf).filter((row) => row !== undefined)))
        .catch(() => undefined);
    };
    load();
    const timer = setInterval(load, AGAIN_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [feed, name]);
  if (rows === undefined) return <p class="im-empty">{words('page.contact.connecting')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="im-console" aria-label={words('page.containers.linesOf', { name })} tabIndex={0}>
      {rows.length === 0 && <p class="im-empty">{words('page.containers.noLines')}</p>}
      {rows.map(({ number, shippedMs, text, weight, kind }) => (
        <div key={number} class={`im-line im-${weight}`}>
          <time>{formats.time(shippedMs)}</time> {kind === 'logs' ? '' : '— '}
          <bdi>{text}</bdi>
        </div>
      ))}
    </section>
  );
}
