import type { StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';

/** How it stands with what is sent to Graylog. */
export function Delivery({ state: { deliveries, sentInHour } }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  if (deliveries.length === 0) return null;
  return (
    <Card title={words('page.delivery.title')}>
      {deliveries.map(({ id, name, state, endpoint, endpoints, buffered, lagMs, dropped }) => (
        <dl key={id} class={state === 'away' ? 'im-facts im-bad' : 'im-facts'}>
          <dt>
            <bdi>{plainText(endpoint || name)}</bdi>
            {endpoints > 1 && <small> {words('page.delivery.oneOf', { count: endpoints })}</small>}
          </dt>
          <dd>
            <b>{words(`page.delivery.state.${state}`)}</b>
          </dd>
          {deliveries.length === 1 && (
            <>
              <dt>{words('page.delivery.sent')}</dt>
              <dd>{sentInHour === null ? '–' : formats.whole(sentInHour)}</dd>
            </>
          )}
          <dt>{words('page.delivery.waiting')}</dt>
          <dd>{formats.whole(buffered)}</dd>
          <dt>{words('page.delivery.dropped')}</dt>
          <dd>{formats.whole(dropped)}</dd>
          <dt>{words('page.delivery.delay')}</dt>
          <dd>{formats.milliseconds(lagMs)}</dd>
        </dl>
      ))}
    </Card>
  );
}
