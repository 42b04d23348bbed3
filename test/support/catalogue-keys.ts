import dns from 'node:dns';
import { globSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { packageRoot } from './node-red.ts';

/** A part of the code, and what in it may be the key of a text of a catalogue. */
export class KeyUse {
  readonly #code: string;
  /** A template such as `status.${key}`: what its holes leave. */
  readonly #templates: RegExp[];

  constructor(code: string) {
    this.#code = code;
    const templates = [...code.matchAll(/`((?:[\w.-]|\$\{[^{}`]*\})*)`/g)].map(([, text = '']) => text);
    // A text that ends in a point begins keys, in a catalogue of its own where one is named before it.
    const beginnings = [...code.matchAll(/['":]((?:[\w-]+\.)+)['"]/g)].map(([, text = '']) => `${text}\${rest}`);
    // One without a letter of its own, such as `${a}.${b}`, would fit every key.
    this.#templates = [...templates, ...beginnings]
      .filter((text) => text.includes('${') && /[a-z]/i.test(text.replace(/\$\{[^}]*\}/g, '')))
      .map((text) => new RegExp(`^${text.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '([\\w.-]+)')}$`));
  }

  /** Whether the code names `key`: in a text, or by a template of which it names what stands in the holes. */
  names(key: string): boolean {
    if (this.#hasText(key)) return true;
    return this.#templates.some((template) => {
      const holes = template.exec(key)?.slice(1);
      return holes?.every((hole) => this.names(hole) || this.#hasWord(hole) || isSystemCode(hole)) ?? false;
    });
  }

  /** The texts that are keys, whole, below one of these first words. */
  keysBelow(firsts: readonly string[]): string[] {
    const texts = this.#code.matchAll(/['"`\];:]((?:[\w-]+\.)+[\w-]+)(?=['"`;])/g);
    return [...new Set([...texts].map(([, text = '']) => text))].filter((text) =>
      firsts.includes(text.split('.')[0] ?? ''),
    );
  }

  /** The templates that make keys below `first`: each as a pattern of the keys that it can make. */
  templatesBelow(first: string): RegExp[] {
    return this.#templates.filter(({ source }) => source.startsWith(`^${first}\\.`));
  }

  /** As a text, or as the first word of a template. */
  #hasText(text: string): boolean {
    return new RegExp(`['"\`\\];:]${text.replaceAll('.', '\\.')}(?:['"\`;]| \\$\\{)`).test(this.#code);
  }

  /** As the name of a property: that of a table of words, of a record or of an error. */
  #hasWord(word: string): boolean {
    return /^\w+$/.test(word) && new RegExp(`(?:^|[{,(\\s])${word}\\??(?::|,| }|;)`, 'm').test(this.#code);
  }
}

/** Codes of errors that no code has to name: those of the system, of look-ups of names, of certificates. */
function isSystemCode(word: string): boolean {
  const codes = [...getSystemErrorMap().values()].map(([code]) => code).concat(Object.keys(constants.errno));
  return (
    codes.includes(word) || Object.values<unknown>(dns).includes(word) || /^(?:ERR_TLS_CERT|CERT)_[A-Z_]+$/.test(word)
  );
}

/** The code of these files (globs below the clone) without its comments. */
export function codeOf(...globs: string[]): string {
  return globs
    .flatMap((glob) => globSync(glob, { cwd: packageRoot }))
    .filter((path) => !path.includes('/locales/'))
    .map((path) => readFileSync(join(packageRoot, path), 'utf8'))
    .join('\n')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^\s*\/\*[\s\S]*?\*\/$/gm, '');
}
