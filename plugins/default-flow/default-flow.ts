import type { NodeAPI } from 'node-red';
import { onEveryDeploy } from '../../lib/flow-lifecycle.ts';
import { visible } from '../../lib/visible.ts';
import { lineOf, NOTICES_TOPIC, type Notice, nodesById, noticesOf } from './notices.ts';

/** The server half: says in the log, and to the editor, when a newer default flow is there and when all is shipped twice. */
export default function register(RED: NodeAPI): void {
  let notices: readonly Notice[] = [];
  onEveryDeploy(RED.events, () => {
    const before = new Set(notices.map(({ id }) => id));
    notices = noticesOf(nodesById(RED.nodes.eachNode), RED._);
    for (const notice of notices) if (!before.has(notice.id)) RED.log.warn(visible(lineOf(notice)));
    // Kept for editors that are opened later.
    RED.comms.publish(NOTICES_TOPIC, { notices }, true);
  });
}
