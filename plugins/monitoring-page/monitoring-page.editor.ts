import type { EditorRED } from 'node-red';
import { showSidebar } from './page/sidebar.tsx';

declare const RED: EditorRED;
/** The build puts the text of the page's sheet in its place. */
declare const PAGE_STYLE: string;

/** What Node-RED's types leave out. */
interface Tabs {
  readonly sidebar: {
    addTab(tab: {
      id: string;
      label: string;
      name: string;
      iconClass: string;
      content: HTMLElement;
      enableOnEdit: boolean;
      onremove?: () => void;
    }): void;
    removeTab(id: string): void;
  };
  readonly plugins: { registerPlugin(id: string, definition: object): void };
  readonly i18n: { lang(): string };
  readonly view: { reveal(id: string): void };
}

const ID = 'infra-monitoring';
const editor = RED as unknown as Tabs;

editor.plugins.registerPlugin('infra-monitoring-page', {
  type: 'infra-monitoring',
  /** The tab is there at once: a layout that is restored finds it. */
  onadd() {
    const sheet = document.createElement('style');
    sheet.textContent = PAGE_STYLE;
    document.head.append(sheet);
    const box = document.createElement('div');
    box.className = 'im-root im-in-editor';
    editor.sidebar.addTab({
      id: ID,
      label: RED._('@infra-monitoring/node-red/monitoring-page:monitoring-page.tab.label'),
      name: RED._('@infra-monitoring/node-red/monitoring-page:monitoring-page.tab.name'),
      iconClass: 'fa fa-heartbeat',
      content: box,
      enableOnEdit: true,
    });
    showSidebar({ box, languages: languages(), showNode: (id) => editor.view.reveal(id) });
  },
});

function languages(): string[] {
  const { language, languages: wanted } = navigator;
  const lang = editor.i18n.lang();
  return [lang, ...wanted, language].filter((one) => typeof one === 'string' && one !== '');
}
