type Fields = { readonly [key: string]: unknown };

/**
 * The name that tells the container of a record from all others of a host: fifty pods call theirs `app`, so that of a pod's has
 * its namespace and its pod before it. Undefined where the record names none.
 */
export function containerNameOf(record: Fields): string | undefined {
  const { container_name: name } = record;
  // Most records are of no container: to look for what they lack takes longest.
  if (typeof name !== 'string' || name === '') return undefined;
  const { pod_name: pod, pod_namespace: namespace } = record;
  return typeof pod === 'string' && pod !== '' ? `${namespace}/${pod}/${name}` : name;
}
