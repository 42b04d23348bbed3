import { render } from 'preact';
import { Formats } from '../view/formats.ts';
import { App } from './app.tsx';
import { Client } from './client.ts';
import { Feed } from './feed.ts';
import { oncePerFrame } from './frame.ts';
import { wordsFor } from './languages.ts';
import { followSight } from './sight.ts';
import { followTheme } from './theme.ts';
import { type Ui, UiProvider } from './ui.ts';

const { words, language } = wordsFor(navigator.languages);
document.documentElement.lang = language;

const root = location.pathname.replace(/\/infra-monitoring\/[^/]*$/, '/');
const feed = new Feed(
  new Client('', root),
  'pattern-worker.js',
  oncePerFrame(() => draw()),
);
const formats = new Formats(language, words);
const ui: Ui = { feed, words, language, formats, editorAddress: '../' };

function draw(): void {
  render(
    <UiProvider value={ui}>
      <App />
    </UiProvider>,
    document.getElementById('page') as HTMLElement,
  );
}

followTheme(draw);
followSight(feed, () => true).look();
