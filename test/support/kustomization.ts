import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from './node-red.ts';

/** Node-RED has it, and we have it from there. */
const { loadAll } = createRequire(join(packageRoot, 'node_modules/node-red/red.js'))('js-yaml') as {
  loadAll(text: string): unknown[];
};

/** What of an object of Kubernetes names it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

interface Kustomization {
  resources?: string[];
  patches?: { path: string }[];
  configMapGenerator?: { name: string }[];
}

/** The documents of a file of YAML. */
function yamlDocuments(path: string): unknown[] {
  return loadAll(readFileSync(path, 'utf8'));
}

/** The objects that a folder with a kustomization makes, with its patches, and the names of the ConfigMaps that it generates. */
export function kustomized(folder: string): { objects: Manifest[]; generated: string[] } {
  const [{ resources = [], patches = [], configMapGenerator = [] } = {}] = yamlDocuments(
    join(folder, 'kustomization.yaml'),
  ) as Kustomization[];
  const objects: Manifest[] = [];
  const generated = configMapGenerator.map(({ name }) => name);
  for (const resource of resources) {
    const path = join(folder, resource);
    if (!statSync(path).isDirectory()) {
      objects.push(...(yamlDocuments(path) as Manifest[]));
      continue;
    }
    const base = kustomized(path);
    objects.push(...base.objects);
    generated.push(...base.generated);
  }
  for (const { path } of patches) {
    const [patch] = yamlDocuments(join(folder, path)) as [Manifest];
    const index = objects.findIndex(
      ({ kind, metadata }) => kind === patch.kind && metadata.name === patch.metadata.name,
    );
    if (index < 0) throw new Error(`${path} changes ${patch.kind} ${patch.metadata.name}, which is not there`);
    objects[index] = merged(objects[index], patch) as Manifest;
  }
  return { objects, generated };
}

/** What tells the items of a list apart in a strategic merge: mounts go by their path, all else by its name. */
function nameOf(value: unknown): string | undefined {
  const { mountPath, name } = isObject(value) ? value : {};
  return [mountPath, name].find((one) => typeof one === 'string') as string | undefined;
}

/** A strategic merge: lists of what has a name are merged by it, all others are replaced, and null takes a key away. */
function merged(old: unknown, patch: unknown): unknown {
  if (Array.isArray(old) && Array.isArray(patch) && patch.every((one) => nameOf(one) !== undefined)) {
    const names = patch.map(nameOf);
    const changed = patch.map((one) =>
      merged(
        old.find((each) => nameOf(each) === nameOf(one)),
        one,
      ),
    );
    return [...old.filter((each) => !names.includes(nameOf(each))), ...changed];
  }
  if (!isObject(old) || !isObject(patch)) return patch;
  const both = Object.entries(patch).map(([key, value]) => [key, key in old ? merged(old[key], value) : value]);
  return Object.fromEntries(
    Object.entries({ ...old, ...Object.fromEntries(both) }).filter(([, value]) => value !== null),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
