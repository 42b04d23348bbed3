import { once } from 'node:events';
import { connect } from 'node:net';
import { Client, type NextAuthHandler } from 'ssh2';

/** One connection of somebody who guesses. */
export interface Attack {
  user: string;
  method: 'password' | 'publickey' | 'keyboard-interactive';
  /** How many guesses are made. A key that is refused is one. */
  guesses: number;
  /**
   * When the client leaves: before it says anything, after the exchange of keys, after it has said as whom (`named`), while
   * the last guess is looked at (`pending`), or after the last refusal.
   */
  leaves: 'connected' | 'keys' | 'named' | 'pending' | 'refused';
}

/**
 * Does it. `key`: a private key that nobody lets in. Resolves when the connection is closed, with how many failed logins it
 * made: the answers that were sent, or one where the client named a user and sent none. A client offers its keys by itself:
 * all of them are one.
 */
export async function attack(port: number, plan: Attack, key: string): Promise<number> {
  if (plan.leaves === 'connected') {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'data');
    socket.destroy();
    await once(socket, 'close');
    return 0;
  }
  const client = new Client();
  const closed = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', () => undefined);
  let answered = 0;
  const guess = (): string => {
    answered++;
    // The server has the answer before it learns that the client is gone.
    if (plan.leaves === 'pending' && answered === plan.guesses) setImmediate(() => setImmediate(() => client.end()));
    return `wrong-${answered}`;
  };
  let asked = 0;
  client.on('keyboard-interactive', (_name, _text, _language, prompts, finish) => finish(prompts.map(guess)));
  client.connect({
    host: '127.0.0.1',
    port,
    username: plan.user,
    readyTimeout: 60_000,
    authHandler: (_left, _partial, next) => {
      const step = asked++;
      if (step === 0 && plan.leaves === 'keys') client.destroy();
      else if (step === 0) (next as NextAuthHandler)({ type: 'none', username: plan.user });
      else if (plan.leaves === 'named' || step > plan.guesses) client.destroy();
      else next(authOf(plan, key, guess));
    },
  });
  await closed;
  return plan.leaves === 'keys' ? 0 : Math.max(answered, 1);
}

function authOf({ method, user }: Attack, key: string, guess: () => string): Parameters<NextAuthHandler>[0] {
  if (method === 'password') return { type: 'password', username: user, password: guess() };
  if (method === 'publickey') return { type: 'publickey', username: user, key };
  return {
    type: 'keyboard-interactive',
    username: user,
    prompt: (_name, _text, _language, prompts, finish) => finish(prompts.map(guess)),
  };
}
