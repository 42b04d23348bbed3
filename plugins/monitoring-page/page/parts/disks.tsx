import type { StateAnswer } from '../../answer/state.ts';
import { plainText } from '../../view/plain-text.ts';
import { useUi } from '../ui.ts';
import { Card } from './card.tsx';

const MOODS: { readonly [state: string]: string } = {
  critical: 'bad',
  missing: 'bad',
  warning: 'warning',
  stale: 'warning',
};

/** How full each filesystem is, the fullest first, and when it will be full. */
export function Disks({ state: { disks } }: { readonly state: StateAnswer }) {
  const { words, formats } = useUi();
  if (disks.length === 0) return null;
  const [warning] = disks[0]?.limits ?? [];
  const critical = disks[0]?.limits.find(({ isBad }) => isBad);
  const note =
    warning !== undefined && critical !== undefined && warning !== critical
      ? words('page.disks.marks', {
          warning: formats.percent(warning.value),
          critical: formats.percent(critical.value),
        })
      : undefined;
  return (
    <Card title={words('page.disks.title')} note={note}>
      <ul class="im-rows im-disks">
        {disks
          .toSorted((a, b) => (b.usedPercent ?? 0) - (a.usedPercent ?? 0))
          .map(({ mount, state, usedPercent, availableBytes, fullInSeconds, limits }) => (
            <li key={mount} class={`im-${MOODS[state] ?? 'plain'}`}>
              <b class="im-name">
                <bdi>{plainText(mount)}</bdi>
              </b>
              <span class="im-meter" aria-hidden="true">
                <span style={{ width: `${Math.min(100, usedPercent ?? 0)}%` }} />
                {limits.map(({ value }) => (
                  <i key={value} style={{ left: `${value}%` }} />
                ))}
              </span>
              <span class="im-percent">{usedPercent === null ? '–' : formats.percent(usedPercent)}</span>
              <span class="im-rest">
                {state === 'missing' || state === 'stale'
                  ? words(`page.disks.${state}`)
                  : fullInSeconds !== null
                    ? words('page.disks.fullIn', { span: formats.span(fullInSeconds * 1_000) })
                    : availableBytes !== null && words('page.disks.free', { bytes: formats.bytes(availableBytes) })}
              </span>
            </li>
          ))}
      </ul>
    </Card>
  );
}
