import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './node-red.ts';

export interface PackageJson {
  name: string;
  version: string;
  license?: string;
  keywords?: string[];
  repository?: { url?: string };
  engines: { node: string };
  dependencies: Record<string, string>;
  'node-red': { version: string; nodes: Record<string, string>; plugins: Record<string, string> };
}

/** The package.json of this package, or of one that is installed at `folder`. */
export function packageJson(folder: string = packageRoot): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}

export const nodeTypes: string[] = Object.keys(packageJson()['node-red'].nodes);
