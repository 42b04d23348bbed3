import { sourceOf } from './address.ts';
import type { Rule } from './fields.ts';

/** OpenSSH's sftp-server and internal-sftp: `session opened for local user NAME from [ADDRESS]`. Files are not told here. */
export const sftp: Rule = (message) => {
  const match = /^session (opened|closed) for local user (.*) from \[([^\]]*)\]$/.exec(message);
  if (match === null) return undefined;
  const [, verb, user_name, address = ''] = match;
  return {
    event_action: 'sftp_session',
    event_outcome: verb === 'opened' ? 'success' : undefined,
    user_name,
    ...sourceOf(address),
  };
};
