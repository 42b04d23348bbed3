import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { plainAddress } from '../address.ts';
import type { Counts } from '../counts.ts';

export interface AdmissionOptions {
  /** So many at once. */
  readonly connections: number;
  readonly isAllowed: (sender: string) => boolean;
  readonly counts: Pick<Counts, 'drop'>;
  readonly refused: (reason: 'limit', sender: string) => void;
}

/** Takes a connection in among `sockets`, or ends it where its sender is not allowed or there are too many. */
export function admit(socket: Socket, sockets: Set<Socket>, isHeld: boolean, options: AdmissionOptions): void {
  const { connections, isAllowed, counts, refused } = options;
  const sender = plainAddress(socket.remoteAddress);
  socket.on('error', () => undefined);
  if (!isAllowed(sender)) {
    counts.drop('notAllowed', sender);
    socket.destroy();
  } else if (sockets.size >= connections) {
    refused('limit', sender);
    socket.destroy();
  } else {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (!isHeld) socket.unref();
  }
}

/** Resolves when the server listens. Rejects with the system's error, the server closed. */
export async function listening<S extends Server>(server: S, port: number, host: string): Promise<S> {
  server.listen({ port, host, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    server.close();
    throw error;
  }
  return server;
}
