/** A module of `scripts/`, which is plain JavaScript: its types are those that the test expects. `path` is below it. */
export async function scriptModule<T>(path: string): Promise<T> {
  return (await import(new URL(`../../scripts/${path}`, import.meta.url).href)) as T;
}
