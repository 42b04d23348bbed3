import { useCallback, useState } from 'preact/hooks';
import type { State, Who } from './answers.ts';
import { Containers } from './parts/containers.tsx';
import { Delivery } from './parts/delivery.tsx';
import { Disks } from './parts/disks.tsx';
import { Endpoints } from './parts/endpoints.tsx';
import { Header } from './parts/header.tsx';
import { HostCharts } from './parts/host-charts.tsx';
import { Logins } from './parts/logins.tsx';
import { memo } from './parts/memo.ts';
import { Notices } from './parts/notices.tsx';
import { Records } from './parts/records.tsx';
import { Rings } from './parts/rings.tsx';
import { Tiles } from './parts/tiles.tsx';
import { Told } from './parts/told.tsx';
import { Transitions } from './parts/transitions.tsx';
import { useUi } from './ui.ts';

/** The whole page. */
export function App() {
  const { feed, words } = useUi();
  const [showsTransitions, setShowsTransitions] = useState(false);
  const toggle = useCallback(() => setShowsTransitions((before) => !before), []);
  const { state, who } = feed;
  return (
    <div class={`im-page${feed.isStale ? ' im-stale' : ''}`}>
      <a class="im-skip" href="#records">
        {words('page.skip')}
      </a>
      <Header />
      <Notices />
      {state === undefined ? (
        <main id="main" />
      ) : (
        <main id="main">
          <Overview {...{ state, who, showsTransitions }} second={Math.floor(feed.nowMs / 1_000)} onAll={toggle} />
          <Records state={state} />
        </main>
      )}
    </div>
  );
}

interface OverviewProps {
  readonly state: State;
  readonly who: Who | undefined;
  /** The host's time: ages grow by the second. */
  readonly second: number;
  readonly showsTransitions: boolean;
  readonly onAll: () => void;
}

/** All but the list: it changes more seldom than rows come. */
const Overview = memo(function Overview({ state, showsTransitions, onAll }: OverviewProps) {
  return (
    <>
      <Rings state={state} onAll={onAll} />
      {showsTransitions && <Transitions />}
      <Tiles state={state} />
      <div class="im-columns">
        <div class="im-wide">
          <Endpoints state={state} />
          <HostCharts state={state} />
          <Containers state={state} />
        </div>
        <div class="im-narrow">
          <Disks state={state} />
          <Logins state={state} />
          <Delivery state={state} />
          <Told state={state} />
        </div>
      </div>
    </>
  );
});
