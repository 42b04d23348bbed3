/** Compose's labels, and which containers belong to the project in a folder. */

import type { Labels } from './api.ts';

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';
export const FOLDER_LABEL = 'com.docker.compose.project.working_dir';
export const COMPOSE_PREFIX = 'com.docker.compose.';

export interface ComposeFields {
  readonly compose_project: string | undefined;
  readonly compose_service: string | undefined;
}

export function composeFields(labels: Labels): ComposeFields {
  return { compose_project: labels[PROJECT_LABEL], compose_service: labels[SERVICE_LABEL] };
}

/** The folder without trailing slashes, as Compose writes it into its label. */
export function composeFolder(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') || '/' : folder;
}

/** The name that docker-compose gives the project in a folder: its last part, lower case, without other signs. */
export function projectOfFolder(folder: string): string {
  const last = composeFolder(folder).split('/').at(-1) ?? '';
  return last.toLowerCase().replace(/[^-_a-z0-9]/g, '') || 'default';
}

/**
 * Whether the labels are those of the project in `folder`. Compose has labelled containers with their folder since 1.25;
 * what lacks that label is known by the project's name.
 */
export function isOfFolder(labels: Labels, folder: string): boolean {
  const labelled = labels[FOLDER_LABEL];
  if (labelled !== undefined) return composeFolder(labelled) === composeFolder(folder);
  return labels[PROJECT_LABEL] === projectOfFolder(folder);
}
