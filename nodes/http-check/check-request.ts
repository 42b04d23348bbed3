import { FIELDS, TEXT_FIELDS } from './settings.ts';

/** What "Check now" sends: the dialog as it stands, not yet deployed. */
export interface CheckRequest {
  readonly id: string;
  /** The properties of the node, as the flow would have them. */
  readonly config: { readonly [name: string]: string | boolean };
  readonly credentials: { readonly [name in (typeof CREDENTIALS)[number]]?: string };
  /** The editor has another TLS configuration than the one that is deployed. */
  readonly isTlsChanged: boolean;
}

const CREDENTIALS = ['user', 'password', 'token', 'headers', 'body'] as const;
const TEXTS = [...Object.keys(TEXT_FIELDS), ...Object.keys(FIELDS), 'match', 'tls'];
const FLAGS = ['insideRedirects', 'strict'];
/** What the editor has as the value of a choice of config nodes where none is chosen. */
const NO_NODE = '_ADD_';

/** The body of a request, of which it takes the properties that have the right type. */
export function parseCheckRequest(body: unknown): CheckRequest {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as { readonly [name: string]: unknown };
  const texts = (names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = sent[name];
        return typeof value === 'string' && value !== NO_NODE ? [[name, value]] : [];
      }),
    );
  const flags = Object.fromEntries(FLAGS.map((name) => [name, sent[name] === true]));
  return {
    id: typeof sent.id === 'string' ? sent.id : '',
    config: { ...texts(TEXTS), ...flags },
    credentials: texts(CREDENTIALS),
    isTlsChanged: sent.isTlsChanged === true,
  };
}
