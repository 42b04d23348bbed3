import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { faultOfBroker, largestTaken } from '../../../nodes/graylog-server/broker-fault.ts';
import { explained } from '../../support/explained.ts';

const place = { exchange: 'logs', routingKey: 'gelf', vhost: 'a' };
const withCode = (words: string, code: unknown): Error => Object.assign(new Error(words), { code });

const handshake = (code: string, words: string): Error =>
  new Error(`Handshake terminated by server: ${code} with message "${words}"`);

const cases: [string, unknown, string][] = [
  ['a login that is refused', handshake('403 (ACCESS-REFUSED)', 'ACCESS_REFUSED - Login was refused'), 'BROKER_LOGIN'],
  [
    'a virtual host that is not opened',
    new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'),
    'NO_VHOST',
  ],
  ['a virtual host that is gone', withCode('Connection closed: 530 (NOT-ALLOWED) with message "x"', 530), 'NO_VHOST'],
  [
    'no exchange',
    withCode(`Operation failed: ExchangeDeclare; 404 (NOT-FOUND) with message "NOT_FOUND - no exchange 'logs'"`, 404),
    'NO_EXCHANGE',
  ],
  [
    'no queue',
    withCode(`Operation failed: QueueDeclare; 404 (NOT-FOUND) with message "NOT_FOUND - no queue 'gelf'"`, 404),
    'NO_QUEUE',
  ],
  [
    'no right to write',
    withCode('Channel closed by server: 403 (ACCESS-REFUSED) with message "x"', 403),
    'BROKER_FORBIDDEN',
  ],
  ['a stop', withCode('Connection closed: 320 (CONNECTION-FORCED) with message "shutdown"', 320), 'BROKER_STOPPED'],
  [
    'another refusal',
    withCode('Channel closed by server: 405 (RESOURCE-LOCKED) with message "x"', 405),
    'BROKER_REFUSED',
  ],
  ['a nack', new Error('message nacked'), 'BROKER_QUEUE_FULL'],
  ['silence', new Error('Heartbeat timeout'), 'PEER_SILENT'],
  ['no answer', new Error('connect ETIMEDOUT'), 'NO_ANSWER'],
  ['an end in the handshake', new Error('Socket closed abruptly during opening handshake'), 'CLOSED_BY_PEER'],
  ['an end', new Error('Unexpected close'), 'CLOSED_BY_PEER'],
  ['another protocol', new Error('Frame size exceeds frame max'), 'NOT_AMQP'],
  ['an error of the system', withCode('connect ECONNREFUSED', 'ECONNREFUSED'), 'ECONNREFUSED'],
  ['an error of ours', new MonitoringError('NOT_CONFIRMED'), 'NOT_CONFIRMED'],
];

for (const [name, error, code] of cases) {
  test(`\`faultOfBroker()\` says ${code} of ${name}`, () => {
    assert.equal(errorCode(faultOfBroker(error, place)), code);
  });
}

test('what the broker says is shown, in what a person reads, without what steers a terminal', () => {
  const refused = faultOfBroker(handshake('403 (ACCESS-REFUSED)', 'Login was refused\u001b[31m'), place);
  assert.equal(explained(refused), 'the broker refuses the login: Login was refused\\x1b[31m');
});

test('`largestTaken()` reads the limit in a refusal', () => {
  const words = 'PRECONDITION_FAILED - message size 30029 is larger than configured max size 20000';
  const error = withCode(`Channel closed by server: 406 (PRECONDITION-FAILED) with message "${words}"`, 406);
  assert.equal(largestTaken(error), 20_000);
  assert.equal(errorCode(faultOfBroker(error, place)), 'BROKER_TOO_LARGE');
  assert.equal(largestTaken(new Error('x')), undefined);
});
