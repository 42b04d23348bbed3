/** The words of a language: a tree of texts, in which `__name__` stands for a value. */
export interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

export type Words = (key: string, values?: { readonly [name: string]: string | number }) => string;

/** Looks a text up by its path; what a language lacks is taken from the other one. */
export function wordsOf(catalogue: Catalogue, otherwise: Catalogue): Words {
  return (key, values = {}) => {
    const text = find(catalogue, key) ?? find(otherwise, key) ?? key;
    return text.replaceAll(/__(\w+)__/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
  };
}

function find(catalogue: Catalogue, key: string): string | undefined {
  let found: string | Catalogue | undefined = catalogue;
  for (const part of key.split('.')) {
    if (typeof found !== 'object' || !Object.hasOwn(found, part)) return undefined;
    found = found[part];
  }
  return typeof found === 'string' ? found : undefined;
}

/** The language of ours that fits best what a reader wants, in the order of preference: "de-CH" is German. */
export function chooseLanguage<Name extends string>(
  wanted: readonly string[],
  ours: readonly Name[],
  otherwise: Name,
): Name {
  for (const one of wanted) {
    const main = one.toLowerCase().split('-')[0];
    const found =
      ours.find((name) => name.toLowerCase() === one.toLowerCase()) ?? ours.find((name) => name.split('-')[0] === main);
    if (found !== undefined) return found;
  }
  return otherwise;
}
