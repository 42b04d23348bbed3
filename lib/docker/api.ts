/** The part of the Docker Engine API that the nodes use. Source: https://docs.docker.com/reference/api/engine/ */

export type Labels = { readonly [name: string]: string };

/** Docker prints this for a time that has not come: a container that never started or never ended. */
export const NEVER = '0001-01-01T00:00:00Z';

/** One entry of `GET /containers/json`. */
export interface ContainerSummary {
  Id: string;
  /** Each with its leading slash; names of links come after the container's own. */
  Names: string[];
  Image: string;
  Labels: Labels;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  State: string;
  /** What the container itself wrote, in bytes; only with `size=true`. */
  SizeRw?: number | undefined;
  /** That and its image, in bytes; only with `size=true`. */
  SizeRootFs?: number | undefined;
}

/** What is read of `GET /containers/{id}/json`. Times are RFC 3339 in UTC with up to nine decimals. */
export interface ContainerDetails {
  Id: string;
  /** With its leading slash. */
  Name: string;
  Created?: string | undefined;
  Path: string;
  Args: string[];
  /** The image's id, `sha256:…`. */
  Image?: string | undefined;
  State: ContainerState;
  Config: { Image?: string | undefined; Labels: Labels };
  /** The log driver and its options. */
  HostConfig?: { LogConfig?: { Type: string; Config: Labels } };
  /** Where the root filesystem is mounted; an engine with containerd's image store does not tell. */
  GraphDriver?: { Data?: { MergedDir?: string | undefined } };
}

export interface ContainerState {
  Running: boolean;
  /** Between two runs of a restart policy `Running` is true as well. */
  Restarting?: boolean;
  StartedAt: string;
  FinishedAt: string;
  ExitCode?: number | undefined;
}

/** One object of the stream `GET /events`. `timeNano` loses digits as a number: read it from the text. */
export interface EngineEvent {
  Type: string;
  Action: string;
  /** Podman tells a container's health here, Docker in `Action`. */
  HealthStatus?: string;
  Actor: { ID: string; Attributes: { readonly [name: string]: string } };
}
