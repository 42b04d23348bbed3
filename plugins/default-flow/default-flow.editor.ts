import type { EditorRED } from 'node-red';
import { NOTICES_TOPIC, type Notice } from './notices.ts';

declare const RED: EditorRED;

/** The types of the editor leave what is heard open. */
interface Comms {
  subscribe(topic: string, hear: (topic: unknown, data: { notices?: Notice[] }) => void): void;
}

/** What is on show, by the id of its notice. */
const shown = new Map<string, { close(): void }>();
const CATALOGUE = '@infra-monitoring/node-red/default-flow:default-flow.button.';
const words = (name: string): string => RED._(CATALOGUE + name);
const keyOf = ({ id }: Notice): string => `infra-monitoring-notice-${id}`;

function isUnwanted(notice: Notice): boolean {
  return localStorage.getItem(keyOf(notice)) !== null;
}

function show(notice: Notice): void {
  const text = $('<div>').append($('<p>').append($('<b>').text(notice.title)));
  for (const line of notice.lines) $('<p>').text(line).appendTo(text);
  const close = (): void => shown.get(notice.id)?.close();
  const never = (): void => {
    localStorage.setItem(keyOf(notice), '1');
    close();
  };
  const buttons = [
    { text: words('never'), click: never },
    { text: words('close'), click: close },
  ];
  const options = { type: 'warning', fixed: true, modal: false, buttons };
  shown.set(notice.id, RED.notify(text.html(), options as never) as never);
}

/** Shows what is new, and takes away what is over. */
function hear(_topic: unknown, { notices = [] }: { notices?: Notice[] }): void {
  const ids = new Set(notices.map(({ id }) => id));
  for (const [id, one] of shown) {
    if (ids.has(id)) continue;
    one.close();
    shown.delete(id);
  }
  for (const notice of notices) if (!shown.has(notice.id) && !isUnwanted(notice)) show(notice);
}

(RED.comms as unknown as Comms).subscribe(NOTICES_TOPIC, hear);
