/** What the page asks of an `alert`. */
export interface PageCommand {
  /** The id of the node. */
  readonly node: string;
  /** What the node is told as `msg.alert_command`. */
  readonly command: { readonly [name: string]: unknown };
}

const DURATION = /^\d{1,5}(?:m|h|d)$/;

/** Undefined for what is no command. */
export function parsePageCommand(body: unknown): PageCommand | undefined {
  const { node, key, silence, wake, acknowledge } = (typeof body === 'object' && body !== null ? body : {}) as {
    readonly [name: string]: unknown;
  };
  const named = typeof key === 'string' && key !== '' && key.length <= 2_048 ? { alert_key: key } : {};
  if (typeof node !== 'string') return undefined;
  if (typeof silence === 'string' && DURATION.test(silence)) return { node, command: { silence, ...named } };
  if (wake === true) return { node, command: { wake: true, ...named } };
  return acknowledge === true ? { node, command: { acknowledge: true, ...named } } : undefined;
}
