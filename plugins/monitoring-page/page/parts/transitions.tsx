import { useEffect, useState } from 'preact/hooks';
import type { Transition } from '../../history/alert-log.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';

/** When alerts began and ended in the last 30 days, the latest first. */
export function Transitions() {
  const { feed, words, formats } = useUi();
  const [all, setAll] = useState<readonly Transition[] | undefined>();
  useEffect(() => {
    feed.client
      .get<{ transitions: readonly Transition[] }>('alerts')
      .then(({ transitions }) => setAll(transitions))
      .catch(() => setAll([]));
  }, [feed]);
  return (
    <Card
      title={words('page.transitions.title')}
      note={all && words(all.length === 1 ? 'page.transitions.one' : 'page.transitions.count', { count: all.length })}
    >
      {all?.length === 0 && <p class="im-empty">{words('page.transitions.none')}</p>}
      <ul class="im-transitions">
        {all
          ?.toReversed()
          .slice(0, 200)
          .map(({ id, state, name, key, severity, sinceMs, atMs }) => (
            <li key={`${id} ${state}`} class={state === 'firing' ? `im-${severity}` : 'im-resolved'}>
              <span class="im-time">{formats.dateTime(atMs)}</span>
              <span class="im-severity">
                {words(state === 'firing' ? `page.condition.${severity}` : 'page.transitions.resolved')}
              </span>
              <span class="im-grow">
                <b>
                  <bdi>{plainText(name)}</bdi>
                </b>{' '}
                <bdi>{plainText(key)}</bdi>
              </span>
              {state === 'resolved' && (
                <span>{words('page.transitions.after', { span: formats.span(atMs - sinceMs) })}</span>
              )}
            </li>
          ))}
      </ul>
    </Card>
  );
}
