import { render } from 'preact';
import { Formats } from '../view/formats.ts';
import { Client } from './client.ts';
import { Feed } from './feed.ts';
import { oncePerFrame } from './frame.ts';
import { wordsFor } from './languages.ts';
import { Contact } from './parts/header.tsx';
import { Notices } from './parts/notices.tsx';
import { Records } from './parts/records.tsx';
import { Rings } from './parts/rings.tsx';
import { followSight } from './sight.ts';
import { type Ui, UiProvider, useUi } from './ui.ts';

const PAGE = 'infra-monitoring/';

/** What the tab needs of the editor. */
export interface SidebarOptions {
  readonly box: HTMLElement;
  readonly languages: readonly string[];
  readonly showNode: (id: string) => void;
}

/** Fills the editor's tab. It asks only while the box can really be seen. Gives a function that ends it. */
export function showSidebar({ box, languages, showNode }: SidebarOptions): () => void {
  const { words, language } = wordsFor(languages);
  const feed = new Feed(
    new Client(PAGE, location.pathname),
    `${PAGE}pattern-worker.js`,
    oncePerFrame(() => draw()),
  );
  const ui: Ui = {
    feed,
    words,
    language,
    formats: new Formats(language, words),
    showNode,
  };
  function draw(): void {
    render(
      <UiProvider value={ui}>
        <Sidebar />
      </UiProvider>,
      box,
    );
  }
  let isInView = false;
  const sight = followSight(feed, () => isInView);
  const observer = new IntersectionObserver((entries) => {
    isInView = entries.at(-1)?.isIntersecting === true;
    sight.look();
  });
  observer.observe(box);
  // A key that is pressed here is none of the editor's: Delete would take the selected node.
  for (const event of ['keydown', 'keyup', 'keypress'])
    box.addEventListener(event, (pressed) => pressed.stopPropagation());
  draw();
  return () => {
    observer.disconnect();
    sight.close();
    render(null, box);
  };
}

function Sidebar() {
  const { feed, words, formats } = useUi();
  const { state } = feed;
  const waiting = state?.deliveries.reduce((sum, { buffered }) => sum + buffered, 0);
  return (
    <div class={`im-side${feed.isStale ? ' im-stale' : ''}`}>
      <header class="im-side-head">
        <b>{state?.host ?? ''}</b> <Contact />
        <a href={PAGE} target="_blank" rel="noreferrer">
          {words('page.openPage')}
        </a>
      </header>
      <Notices />
      {state !== undefined && (
        <>
          <Rings state={state} />
          <Records state={state} isInside />
        </>
      )}
      {waiting !== undefined && <p class="im-side-foot">{words('page.sideFoot', { count: formats.whole(waiting) })}</p>}
    </div>
  );
}
