interface Source {
  readonly source?: { readonly id?: unknown };
}

/** Whether a msg tells of the `notify` of this id itself: told there, its own failure would fail for ever. */
export function isOwn(msg: object, id: string): boolean {
  const { error, status, payload } = msg as { error?: Source; status?: Source; payload?: { node_id?: unknown } | null };
  return error?.source?.id === id || status?.source?.id === id || payload?.node_id === id;
}
