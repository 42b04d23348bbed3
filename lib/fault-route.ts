import { type AdminApi, adminRoute } from './admin-route.ts';
import type { FaultyNode } from './status.ts';

/** The part of `RED` that finds a node that runs. */
interface Runtime extends AdminApi {
  readonly nodes: { getNode(id: string): unknown };
}

/** Lets the dialog of a deployed node of this type ask for the whole of what its status says in short. */
export function registerFaultRoute(RED: Runtime, type: string): void {
  adminRoute(RED, {
    method: 'get',
    path: `/infra-monitoring/${type}/fault/:id`,
    permission: `${type}.read`,
    answer({ params: { id = '' } }) {
      const node = RED.nodes.getNode(id) as (FaultyNode & { type?: unknown }) | null | undefined;
      return { fault: node?.type === type ? node.presentFault?.() : undefined };
    },
  });
}
