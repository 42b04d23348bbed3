import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arguments, Translate } from '../../lib/status.ts';
import { packageRoot } from './node-red.ts';

type Tree = { readonly [key: string]: string | Tree };

const read = (path: string): Tree => JSON.parse(readFileSync(join(packageRoot, path), 'utf8')) as Tree;

/** The English words of a node of this type, as the build puts them together: `RED._` of that node. */
export function nodeWords(type: string): Translate {
  const words: Tree = {
    ...read(`nodes/${type}/locales/en-US/${type}.json`),
    error: read('lib/locales/en-US/errors.json'),
    brief: read('lib/locales/en-US/brief.json'),
  };
  return (key: string, args: Arguments = {}) => {
    let found: string | Tree | undefined = words;
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
    const text = typeof found === 'string' ? found : key;
    return text.replace(/__(\w+?)__/g, (_, name: string) => String(args[name] ?? ''));
  };
}
