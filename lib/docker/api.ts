/** The part of the Docker Engine API that the nodes use. Source: https://docs.docker.com/reference/api/engine/ */

export type Labels = { readonly [name: string]: string };

/** Docker prints this for a time that has not come: a container that never started or never ended. */
export const NEVER = '0001-01-01T00:00:00Z';

/** One entry of `GET /containers/json`. */
export interface ContainerSummary {
  Id: string;
  /** Each with its leading slash; names of links come after the container's own. */
  Names?: string[];
  Image: string;
  Labels?: Labels | null;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  State: string;
}

/** What is read of `GET /containers/{id}/json`. Times are RFC 3339 in UTC with up to nine decimals. */
export interface ContainerDetails {
  Id: string;
  Name: string;
  Created: string;
  Path: string;
  Args: string[] | null;
  /** The image's id, `sha256:…`. */
  Image: string;
  State: { Running: boolean; StartedAt: string; FinishedAt: string; ExitCode: number };
  Config: { Image: string; Labels: Labels | null };
  HostConfig?: { LogConfig?: { Type?: string } };
}

/** One object of the stream `GET /events`. `timeNano` loses digits as a number: read it from the text. */
export interface EngineEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: { [name: string]: string } | null };
  time: number;
  timeNano: number;
}
