import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

/**
 * Lays the built package into a user directory as an installation would, its files copied: Node-RED 4.1 lists no examples of
 * one that is only linked. Its dependencies are those of the clone.
 */
export function copyPackage(userDir: string): void {
  const { name, version } = packageJson();
  const files = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).files as string[];
  const place = join(userDir, 'node_modules', name);
  mkdirSync(place, { recursive: true });
  for (const file of ['package.json', ...files.filter((one) => existsSync(join(packageRoot, one)))])
    cpSync(join(packageRoot, file), join(place, file), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(place, 'node_modules'));
  writeFileSync(join(userDir, 'package.json'), JSON.stringify({ dependencies: { [name]: version } }));
}
