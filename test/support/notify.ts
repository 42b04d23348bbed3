import { readFileSync } from 'node:fs';
import { Resolver } from '../../lib/io/resolver.ts';
import { momentText } from '../../lib/moment.ts';
import type { Arguments, Translate } from '../../lib/status.ts';
import { addressOr, parseAddress } from '../../nodes/notify/address.ts';
import { Lane } from '../../nodes/notify/io/lane.ts';
import { placeOf } from '../../nodes/notify/io/place.ts';
import { createPost } from '../../nodes/notify/io/post.ts';
import type { Destination } from '../../nodes/notify/io/sending.ts';
import { SERVICES } from '../../nodes/notify/services/index.ts';
import type { Target } from '../../nodes/notify/services/service.ts';
import type { Speech } from '../../nodes/notify/text/entry.ts';
import type { ChatService } from './chat-services.ts';

type Words = { readonly [key: string]: string | Words };

function wordsOf(path: string): Words {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Words;
}

const CATALOGUE: Words = {
  ...(wordsOf('../../nodes/notify/locales/en-US/notify.json').notify as Words),
  error: wordsOf('../../lib/locales/en-US/errors.json'),
};

/** The words of the node's catalogue, filled as Node-RED fills them. */
export const translate: Translate = (key, values: Arguments = {}) => {
  const words = key
    .split('.')
    .reduce<string | Words | undefined>((at, name) => (at as Words | undefined)?.[name], CATALOGUE);
  // As Node-RED does where a catalogue lacks a key; most statuses have no sentence of their own.
  if (typeof words !== 'string' && /^(?:notify\.)?sentence\./.test(key)) return key;
  if (typeof words !== 'string') throw new Error(`the catalogue has no ${key}`);
  return words.replace(/__(\w+?)__/g, (_, name: string) => String(values[name] ?? ''));
};

export const SPEECH: Speech = { translate, moment: momentText('Europe/Berlin') };

/** 26 November 2026, 14:02 in Berlin. */
export const NOW_MS = Date.parse('2026-11-26T13:02:00Z');

let count = 0;

/** The msg of an `alert` about a full disk; each is another alert unless `alert_id` is given. */
export function alertMsg(fields: object = {}, more: object = {}): { payload: { [key: string]: unknown } } {
  count += 1;
  const payload = {
    message: '/var (ext4 on /dev/sda1) 93.1 % used',
    log_type: 'alert',
    time: '2026-11-26T13:02:00.000Z',
    host: 'web1',
    level: 2,
    event_id: `event-${count}`,
    alert_name: 'disk full',
    alert_state: 'firing',
    alert_id: `alert-${count}`,
    alert_key: '/var',
    alert_severity: 'error',
    alert_since: '2026-11-26T13:02:00.000Z',
    alert_value: 93.1,
    alert_limit: 90,
    disk_used_percent: 93.1,
    ...fields,
  };
  return { payload, ...more };
}

/** The msg of its end. */
export function endOf(msg: { payload: { [key: string]: unknown } }, fields: object = {}): ReturnType<typeof alertMsg> {
  return alertMsg({
    ...msg.payload,
    event_id: `${msg.payload.event_id}-end`,
    alert_state: 'resolved',
    level: 5,
    ...fields,
  });
}

function targetOf({ kind, address, chat, token, template }: Omit<ChatService, 'shown'>): Target {
  const url = parseAddress(addressOr(address, kind, token) ?? '');
  if (url === undefined) throw new Error(`no address: ${address}`);
  return { url, chat, token, template, user: '', password: '' };
}

export function destinationOf(service: ChatService): Destination {
  const target = targetOf(service);
  return {
    service: SERVICES[service.kind],
    target,
    place: placeOf(service.kind, target),
    lane: new Lane(),
    post: createPost({ tls: {}, resolver: new Resolver(), variables: {} }),
  };
}
