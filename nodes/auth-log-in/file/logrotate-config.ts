/**
 * What logrotate's configuration (logrotate.conf(5)) says of where it moves rotated files to. Blocks have the patterns of
 * their files before `{`; what stands outside of blocks holds for those that follow.
 */
export interface RotationBlock {
  readonly patterns: readonly string[];
  /** The folder of `olddir`, which may be relative to that of the log; undefined where files stay beside it. */
  readonly oldDir: string | undefined;
}

const SCRIPT = /^(?:prerotate|postrotate|firstaction|lastaction|preremove)$/;

/** Reads the text of one file. `inherited`: what the files before it said outside of blocks. Never throws. */
export function parseRotationConfig(text: string, inherited?: string): { blocks: RotationBlock[]; oldDir?: string } {
  const blocks: RotationBlock[] = [];
  let global = inherited;
  let block: { patterns: string[]; oldDir: string | undefined } | undefined;
  let patterns: string[] = [];
  const say = (oldDir: string | undefined): void => {
    if (block === undefined) global = oldDir;
    else block.oldDir = oldDir;
  };
  const close = (): void => {
    if (block !== undefined) blocks.push(block);
    block = undefined;
    // Within a block what begins with a slash is an argument.
    patterns = [];
  };
  for (const words of withoutScripts(text.split('\n').map(wordsOf))) {
    for (const [index, word] of words.entries()) {
      if (word === '{') {
        block = { patterns, oldDir: global };
        patterns = [];
      } else if (word === '}') close();
      else if (word === 'olddir') say(words[index + 1]);
      else if (word === 'noolddir') say(undefined);
      else if (word.startsWith('/') && words[index - 1] !== 'olddir') patterns.push(word);
    }
  }
  return global === undefined ? { blocks } : { blocks, oldDir: global };
}

/** The lines without those of shell scripts. */
function* withoutScripts(lines: readonly string[][]): Generator<string[]> {
  let isInScript = false;
  for (const words of lines) {
    const [first = ''] = words;
    if (!isInScript) yield words;
    isInScript = SCRIPT.test(first) || (isInScript && first !== 'endscript');
  }
}

/** The words of a line, without quotes and without the comment; braces are words of their own. */
function wordsOf(line: string): string[] {
  const words = line.matchAll(/"([^"]*)"|'([^']*)'|([{}])|#.*|([^\s{}"']+)/g);
  return [...words]
    .map(([, double, single, brace, plain]) => double ?? single ?? brace ?? plain ?? '')
    .filter((word) => word !== '');
}

/** Whether `path` fits a pattern of a shell: `*` and `?` stand for anything but a slash. */
export function fitsPattern(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  try {
    return new RegExp(`^${source.replaceAll('[!', '[^')}$`).test(path);
  } catch {
    return false;
  }
}
