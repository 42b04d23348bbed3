import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { errorCode } from '../../../lib/errors.ts';

/**
 * Rejects with the system's error where there is no socket, or nobody listens: on a host without an engine it is looked for every
 * few seconds, and a request costs many times as much as a look. `wasAway`: the last one failed, and a file says nothing.
 */
export async function checkSocket(path: string, wasAway: boolean): Promise<void> {
  const isMissing =
    wasAway ||
    (await access(path).then(
      () => false,
      (error) => errorCode(error) === 'ENOENT',
    ));
  if (!isMissing) return;
  const socket = connect(path);
  await once(socket, 'connect').finally(() => socket.destroy());
}
