import type { EditorRED } from 'node-red';
import type { Notice } from './notices.ts';

declare const RED: EditorRED;

/** What is on show, by the id of its notice. */
const shown = new Map<string, { close(): void }>();
const CATALOGUE = '@infra-monitoring/node-red/default-flow:default-flow.button.';
const words = (name: string): string => RED._(CATALOGUE + name);
const keyOf = ({ id }: Notice): string => `infra-monitoring-notice-${id}`;

function isUnwanted(notice: Notice): boolean {
  return notice.isOptional && localStorage.getItem(keyOf(notice)) !== null;
}

function show(notice: Notice): void {
  const text = $('<div>').append($('<p>').append($('<b>').text(notice.title)));
  for (const line of notice.lines) $('<p>').text(line).appendTo(text);
  const close = (): void => shown.get(notice.id)?.close();
  const never = (): void => {
    localStorage.setItem(keyOf(notice), '1');
    close();
  };
  const buttons = [{ text: words('close'), click: close }];
  if (notice.isOptional) buttons.unshift({ text: words('never'), click: never });
  const options = { type: 'warning', fixed: true, modal: false, buttons };
  shown.set(notice.id, RED.notify(text.html(), options as never) as never);
}

/** Asks what there is to say, shows what is new, and takes away what is over. */
function look(): void {
  $.getJSON('infra-monitoring/default-flow/notices', ({ notices = [] }: { notices?: Notice[] }) => {
    const ids = new Set(notices.map(({ id }) => id));
    for (const [id, one] of shown) {
      if (ids.has(id)) continue;
      one.close();
      shown.delete(id);
    }
    for (const notice of notices) if (!shown.has(notice.id) && !isUnwanted(notice)) show(notice);
  });
}

RED.events.on('flows:loaded', look);
// The answer to a deploy comes when the flows run.
RED.events.on('deploy', look);
