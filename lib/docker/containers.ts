/** The engine's answers about containers, and what is made of them. */

import { MonitoringError } from '../errors.ts';
import type { ContainerDetails, ContainerState, ContainerSummary } from './api.ts';
import type { DockerClient, Query } from './client.ts';
import { refusal } from './client.ts';
import { asNumber, asObject, asText, asTexts, type JsonObject, textMembers } from './json.ts';

function parseSummary(value: unknown): ContainerSummary[] {
  const container = asObject(value);
  const id = asText(container?.Id);
  if (container === undefined || id === undefined) return [];
  return [
    {
      Id: id,
      Names: asTexts(container.Names) ?? [],
      Image: asText(container.Image) ?? '',
      Labels: textMembers(container.Labels),
      State: asText(container.State) ?? '',
      SizeRw: asNumber(container.SizeRw),
      SizeRootFs: asNumber(container.SizeRootFs),
    },
  ];
}

/** The answer to `GET /containers/json`. An entry without an id is left out. Throws `NO_ENGINE` where it is no list. */
export function parseContainers(answer: unknown): ContainerSummary[] {
  if (!Array.isArray(answer)) throw new MonitoringError('NO_ENGINE');
  return answer.flatMap(parseSummary);
}

function parseState(state: JsonObject): ContainerState {
  return {
    Running: state.Running === true,
    Restarting: state.Restarting === true,
    StartedAt: asText(state.StartedAt) ?? '',
    FinishedAt: asText(state.FinishedAt) ?? '',
    ExitCode: asNumber(state.ExitCode),
  };
}

/** The answer to `GET /containers/{id}/json`. Throws `NO_ENGINE` where it has no id or no state. */
export function parseContainerDetails(answer: unknown): ContainerDetails {
  const container = asObject(answer);
  const id = asText(container?.Id);
  const state = asObject(container?.State);
  if (container === undefined || id === undefined || state === undefined) throw new MonitoringError('NO_ENGINE');
  const config = asObject(container.Config);
  const logConfig = asObject(asObject(container.HostConfig)?.LogConfig);
  const mergedFolder = asText(asObject(asObject(container.GraphDriver)?.Data)?.MergedDir);
  return {
    Id: id,
    Name: asText(container.Name) ?? '',
    Created: asText(container.Created),
    Path: asText(container.Path) ?? '',
    Args: asTexts(container.Args) ?? [],
    Image: asText(container.Image),
    State: parseState(state),
    Config: { Image: asText(config?.Image), Labels: textMembers(config?.Labels) },
    ...(logConfig === undefined
      ? {}
      : { HostConfig: { LogConfig: { Type: asText(logConfig.Type) ?? '', Config: textMembers(logConfig.Config) } } }),
    ...(mergedFolder === undefined ? {} : { GraphDriver: { Data: { MergedDir: mergedFolder } } }),
  };
}

/** Whether the container runs now; between two runs of a restart policy it does not. */
export function isRunning({ State }: ContainerDetails): boolean {
  return State.Running && State.Restarting !== true;
}

/** Whether the engine packs the container's log when it rotates it. */
export function isLogPacked({ HostConfig }: ContainerDetails): boolean {
  const { Type, Config } = HostConfig?.LogConfig ?? {};
  return Type === 'local' ? Config?.compress !== 'false' : Config?.compress === 'true';
}

/** The longest list of containers, in bytes; an entry has some two thousand. */
const MOST_OF_LIST = 64 * 1024 * 1024;

/** All containers, also those that do not run. Rejects with the client's error, or `NO_ENGINE`. */
export async function listContainers(client: DockerClient, query: Query = { all: true }): Promise<ContainerSummary[]> {
  return parseContainers(await client.json('/containers/json', query, MOST_OF_LIST));
}

/** One container; undefined where there is none of this id. Rejects with the client's error, or `NO_ENGINE`. */
export async function inspectContainer(client: DockerClient, id: string): Promise<ContainerDetails | undefined> {
  try {
    return parseContainerDetails(await client.json(`/containers/${encodeURIComponent(id)}/json`));
  } catch (error) {
    if (refusal(error) === 404) return undefined;
    throw error;
  }
}
