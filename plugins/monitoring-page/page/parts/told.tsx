import type { StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';

/** Who was told how often. */
export function Told({ state: { told } }: { readonly state: StateAnswer }) {
  const { feed, words, formats } = useUi();
  if (told.length === 0) return null;
  return (
    <Card title={words('page.told.title')} note={words('page.told.note')}>
      <ul class="im-rows im-logins">
        {told.map(({ name, count, lastMs }) => (
          <li key={name}>
            <b class="im-name im-grow">
              <bdi>{plainText(name)}</bdi>
            </b>
            <span>
              {words('page.told.sent', { count: formats.whole(count), time: formats.since(lastMs, feed.nowMs) })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
