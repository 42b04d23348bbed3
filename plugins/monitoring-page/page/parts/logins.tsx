import type { StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';

/** Who tried to come in within the last hour, and who did. */
export function Logins({ state: { logins } }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  const { failed, from, cameIn } = logins;
  if (failed === 0 && cameIn.length === 0) return null;
  return (
    <Card title={words('page.logins.title')} note={words('page.lastHour')}>
      <h3 class="im-sub">{words('page.logins.failed', { count: formats.whole(failed) })}</h3>
      <ul class="im-rows im-logins">
        {from.slice(0, 8).map(({ from: address, users, count }) => (
          <li key={address}>
            <b class="im-name">
              <bdi>{plainText(address === '' ? words('page.logins.local') : address)}</bdi>
            </b>
            <span class="im-grow">
              <bdi>{plainText(users.join(', '))}</bdi>
            </span>
            <span>{formats.whole(count)}</span>
          </li>
        ))}
      </ul>
      {cameIn.length > 0 && <h3 class="im-sub">{words('page.logins.cameIn')}</h3>}
      <ul class="im-rows im-logins">
        {cameIn.slice(0, 8).map(({ atMs, user, target, action, method, from: address, command }) => (
          <li key={`${atMs} ${user} ${action}`}>
            <b class="im-name">
              <bdi>{plainText(target === '' || target === user ? user : `${user} → ${target}`)}</bdi>
            </b>
            <span class="im-grow">
              <bdi>
                {plainText(
                  [action === 'ssh_login' ? method : action, command, address].filter((part) => part !== '').join(', '),
                )}
              </bdi>
            </span>
            <span>{formats.shortTime(atMs)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
