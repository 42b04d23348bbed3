/** Compose's labels, and which containers belong to the project in a folder. */

import type { Labels } from './api.ts';

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';
const FOLDER_LABEL = 'com.docker.compose.project.working_dir';
export const COMPOSE_PREFIX = 'com.docker.compose.';

/** The folder without trailing slashes, as Compose writes it into its label. */
export function composeFolder(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') || '/' : folder;
}

/** The name that docker-compose gives the project in a folder: its last part, lower case, without other signs. */
export function projectOfFolder(folder: string): string {
  const last = composeFolder(folder).split('/').at(-1) ?? '';
  return last.toLowerCase().replace(/[^-_a-z0-9]/g, '') || 'default';
}

/** What the disk of the engine's host says of folders. */
export interface FolderLookup {
  /** The folder itself, where the path leads over a symbolic link; the path where that cannot be told. */
  real(folder: string): string;
  /** The name that the folder's compose file gives its project; undefined where it gives none. */
  projectIn(folder: string): string | undefined;
}

/** Knows of no links and no files. */
export const PATHS_ALONE: FolderLookup = { real: (folder) => folder, projectIn: () => undefined };

/**
 * The compose project in one folder. Compose has labelled containers with their folder since 1.25; what lacks that label is
 * known by the project's name. Compose 1 labels the real folder, Compose 2 the one that it was started in.
 */
export class FolderProject {
  readonly #folder: string;
  readonly #lookup: FolderLookup;
  /** The projects that containers of this folder were of: `docker compose -p` names it anew. */
  readonly #seen = new Set<string>();
  #hasSeenContainer = false;

  constructor(folder: string, lookup: FolderLookup = PATHS_ALONE) {
    this.#folder = composeFolder(folder);
    this.#lookup = lookup;
  }

  /** Some container was of this folder. */
  get hasSeenContainer(): boolean {
    return this.#hasSeenContainer;
  }

  /** The names of the project: those that its containers have, else what the compose file or the folder names it. */
  get projects(): readonly string[] {
    return this.#seen.size > 0 ? [...this.#seen] : [this.#named()];
  }

  /** Whether the container with these labels is of this folder. */
  has(labels: Labels): boolean {
    if (!this.#isOfFolder(labels)) return false;
    this.#hasSeenContainer = true;
    const project = labels[PROJECT_LABEL];
    if (project !== undefined) this.#seen.add(project);
    return true;
  }

  /** What the compose file or the folder names the project. */
  #named(): string {
    return this.#lookup.projectIn(this.#folder) ?? projectOfFolder(this.#folder);
  }

  #isOfFolder(labels: Labels): boolean {
    const labelled = labels[FOLDER_LABEL];
    const project = labels[PROJECT_LABEL];
    if (labelled === undefined) return project !== undefined && (this.#seen.has(project) || project === this.#named());
    const folder = composeFolder(labelled);
    return folder === this.#folder || this.#lookup.real(folder) === this.#lookup.real(this.#folder);
  }
}
