import type { InfraRecord } from './record.ts';

/** A msg of a source: a flat record and a few texts beside it. */
export interface RecordMsg {
  /** Node-RED makes one up where there is none. */
  readonly _msgid?: string;
  readonly topic: string;
  readonly payload: object;
}

/** Makes the msg of a record, for nodes that take msgs. The record is its payload. */
export type ToMsg = (record: InfraRecord) => RecordMsg;

/** What a node of ours does with records that another one hands to it without msgs. */
export interface DirectInput {
  /** Whether records may come this way now: nobody watches what msgs nodes send, get and are done with. */
  isOpen(): boolean;
  /** Whether so much waits behind it that whoever can wait should. */
  isBusy(): boolean;
  /** Takes records in order. It changes none of them, and they do not change later. Never throws. */
  take(records: readonly InfraRecord[], toMsg: ToMsg): void;
}

/** Of the registry, so that nodes find each other however they were loaded. */
const DIRECT_INPUT = Symbol.for('infra-monitoring:direct-input');

/** Lets other nodes of ours hand records to this one directly, until it closes. */
export function openDirectInput(node: object, input: DirectInput): void {
  Object.defineProperty(node, DIRECT_INPUT, { value: input, configurable: true });
}

export function closeDirectInput(node: object): void {
  delete (node as { [DIRECT_INPUT]?: DirectInput })[DIRECT_INPUT];
}

/** The direct input of a node, which may be open or not; undefined where it has none. */
export function directInputOf(node: object | null | undefined): DirectInput | undefined {
  return (node as { [DIRECT_INPUT]?: DirectInput } | null | undefined)?.[DIRECT_INPUT];
}
