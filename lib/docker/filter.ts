/** Which containers a node looks at, by what its dialog asks for. Checked alike in the editor and at run time. */

import { configured } from '../environment.ts';
import { globMatcher } from '../glob.ts';
import type { Labels } from './api.ts';
import { type FolderLookup, FolderProject, PATHS_ALONE, PROJECT_LABEL } from './compose.ts';
import { type ContainerIdentity, namesOf } from './identity.ts';

export interface FilterSettings {
  /** Comma-separated; `*` stands for any text. Empty means all. */
  include?: unknown;
  exclude?: unknown;
  images?: unknown;
  /** Comma-separated `name` or `name=value`; a container needs one of them. */
  labels?: unknown;
  /** Name of a compose project. */
  project?: unknown;
  /** Folder of a compose project, absolute. */
  composeDir?: unknown;
}

export interface ContainerFilter {
  accepts(container: ContainerIdentity): boolean;
  /**
   * Whether a network or a volume belongs to what the filter asks for: by its label, else by its name, which Compose begins
   * with the project's.
   */
  acceptsObject(name: string, labels?: Labels): boolean;
  /** Whether only one project's containers are asked for. */
  readonly isOneProject: boolean;
  /** The folder that is asked for, while no container was of it. */
  emptyFolder(): string | undefined;
}

/** The parts of a comma-separated list; a placeholder that Node-RED left in place is an empty list. */
export function listOf(value: unknown): string[] {
  return (configured(value) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Whether the value is empty, left open, or an absolute folder. */
export function isFolder(value: unknown): boolean {
  const folder = configured(value);
  return folder === undefined || /^(\/|[A-Za-z]:[\\/])/.test(folder);
}

function labelMatcher(wanted: readonly string[]): (labels: Labels) => boolean {
  const pairs = wanted.map((label) => {
    const equals = label.indexOf('=');
    return equals === -1 ? { name: label } : { name: label.slice(0, equals), value: label.slice(equals + 1) };
  });
  return (labels) =>
    pairs.some(({ name, value }) => (value === undefined ? labels[name] !== undefined : labels[name] === value));
}

export function containerFilter(settings: FilterSettings, lookup: FolderLookup = PATHS_ALONE): ContainerFilter {
  const include = listOf(settings.include);
  const images = listOf(settings.images);
  const labels = listOf(settings.labels);
  const isIncluded = globMatcher(include);
  const isExcluded = globMatcher(listOf(settings.exclude));
  const isImage = globMatcher(images);
  const isLabelled = labelMatcher(labels);
  const project = configured(settings.project);
  const folder = configured(settings.composeDir);
  const ofFolder = folder === undefined ? undefined : new FolderProject(folder, lookup);

  return {
    isOneProject: project !== undefined || ofFolder !== undefined,
    emptyFolder: () => (ofFolder?.hasSeenContainer === false ? folder : undefined),
    accepts(container) {
      if (project !== undefined && container.labels[PROJECT_LABEL] !== project) return false;
      if (ofFolder !== undefined && !ofFolder.has(container.labels)) return false;
      const names = namesOf(container);
      if (include.length > 0 && !names.some(isIncluded)) return false;
      if (names.some(isExcluded)) return false;
      if (images.length > 0 && !isImage(container.image)) return false;
      return labels.length === 0 || isLabelled(container.labels);
    },
    acceptsObject(name, objectLabels = {}) {
      const own = objectLabels[PROJECT_LABEL];
      const isOf = (one: string): boolean =>
        own === undefined ? name === one || name.startsWith(`${one}_`) : own === one;
      return (project === undefined || isOf(project)) && (ofFolder === undefined || ofFolder.projects.some(isOf));
    },
  };
}
