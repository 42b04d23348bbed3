/** An event with what is known beside it. The engine lets a container's labels take the place of its own attributes. */

import { type ContainerDetails, type EngineEvent, type Labels, NEVER } from '../../lib/docker/api.ts';
import { actionOf, type TimedEvent } from '../../lib/docker/events.ts';
import { isLater, nanosOf } from '../../lib/docker/time.ts';

export interface ToldEvent extends TimedEvent {
  /** Attributes of the engine's that may be a label's. */
  readonly disputed?: readonly string[];
  /** As the engine's state of the container has it. */
  readonly exitCode?: number | undefined;
  /** Somebody had sent a signal that ends a container, as stopping one does. */
  readonly isAsked?: boolean | undefined;
  /** The container's name before it got another. */
  readonly nameBefore?: string | undefined;
}

/** The attributes that the engine adds to the labels. `name` and `image` are its own always. */
export const ENGINE_ATTRIBUTES: readonly string[] = ['exitCode', 'signal', 'oldName'];

/** The names of labels that are named as an attribute of the engine's. */
export function claimsIn(labels: Labels): string[] {
  return ENGINE_ATTRIBUTES.filter((name) => Object.hasOwn(labels, name));
}

const EXITS = ['die', 'exec_die'];
const SIGNALLED = ['kill'];

/** Whether the engine adds attributes of its own to an action. */
export function isOfEngine(action: string): boolean {
  return EXITS.includes(action) || SIGNALLED.includes(action) || action === 'rename';
}

/** Whether a container's state can tell what its event does not. */
export function isExitCodeHidden({ event, disputed = [], exitCode }: ToldEvent): boolean {
  return actionOf(event) === 'die' && exitCode === undefined && disputed.includes('exitCode');
}

function engineAttribute({ event, disputed = [] }: ToldEvent, name: string): string | undefined {
  return disputed.includes(name) ? undefined : event.Actor.Attributes[name];
}

/** The code that a process ended with, by the engine's word; undefined for other events. */
export function exitCodeOf(told: ToldEvent): number | undefined {
  if (!EXITS.includes(actionOf(told.event))) return undefined;
  if (told.exitCode !== undefined) return told.exitCode;
  const text = engineAttribute(told, 'exitCode');
  return text === undefined || !/^-?\d{1,10}$/.test(text) ? undefined : Number(text);
}

/** The signal that somebody sent, by the engine's word; undefined for other events. */
export function signalOf(told: ToldEvent): string | undefined {
  return SIGNALLED.includes(actionOf(told.event)) ? engineAttribute(told, 'signal') : undefined;
}

/** Signals that a program takes as a word to it and goes on: by number, as Docker has them, and by name, as Podman has them. */
const WORDS = [
  '1',
  '10',
  '12',
  '17',
  '18',
  '19',
  '20',
  '28',
  'HUP',
  'USR1',
  'USR2',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'WINCH',
];

/** Whether an event is that somebody ends a container. */
export function isEndAskedFor({ event, disputed }: ToldEvent): boolean {
  const action = actionOf(event);
  if (action === 'stop') return true;
  const signal = signalOf({ event, nanos: '0', disputed });
  return action === 'kill' && !WORDS.includes(signal?.replace(/^SIG/, '') ?? '');
}

/**
 * The code in a container's state, where it is that of the run which ended with an event at `nanos` (since the epoch);
 * undefined where the container ran again since.
 */
export function exitCodeAt({ State: state }: ContainerDetails, nanos: string): number | undefined {
  const finished = state.FinishedAt === NEVER ? undefined : nanosOf(state.FinishedAt);
  if (finished === undefined || isLater(finished, nanos)) return undefined;
  // `StartedAt` tells nothing: of a short run it is later than its end.
  return state.Running && state.Restarting !== true ? undefined : state.ExitCode;
}

/** The thing that an event is of, where it is neither a container nor an image: networks, volumes, services, … */
export function objectName({ Type, Actor }: EngineEvent): string | undefined {
  if (Type === 'container' || Type === 'image') return undefined;
  return Actor.Attributes.name || Actor.ID || undefined;
}
