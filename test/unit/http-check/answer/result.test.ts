import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../../../../nodes/http-check/answer/exchange.ts';
import { checkRecord, judge } from '../../../../nodes/http-check/answer/result.ts';
import { applyResult, INITIAL } from '../../../../nodes/http-check/state.ts';
import { exchange, policy } from '../../../support/http-exchange.ts';
import { httpWords } from '../../../support/http-words.ts';

test('judge() tells the code before the body before the time', async () => {
  const expectation = { accept: [[200, 299]] as const, maxTimeMs: 10 };
  const mismatch = async () => ({ key: 'notText' });
  const type = async (part: Partial<Exchange>, test?: () => Promise<{ key: string }>) =>
    (await judge(exchange(part), '', expectation, test, httpWords))?.type;
  const broken = { type: 'body_read_error', phase: 'body', error: new Error('r') } as const;
  assert.equal(await type({ responseCode: 500, failure: broken }, mismatch), 'status_mismatch');
  assert.equal(await type({ failure: broken }, mismatch), 'body_read_error');
  assert.equal(await type({}, mismatch), 'body_mismatch');
  assert.equal(await type({}), 'too_slow');
  assert.equal(await type({ totalMs: 9 }), undefined);
  const late = { type: 'timeout', phase: 'body', error: new Error('r') } as const;
  assert.equal(await type({ responseCode: 500, failure: late }), 'timeout');
});

const context = { name: 'web', host: 'web1', nowMs: 1_700_000_000_000, tlsWarnDays: 14, keepBody: 5 };

test('checkRecord() has the keys of the contract', () => {
  const verdict = applyResult(INITIAL, true, 0, policy);
  const part = {
    contentType: 'text/plain',
    bytes: 11,
    tlsDaysLeft: 20,
    phases: { dns: 0.5, connect: 1.04, tls: 9, first_byte: 20, body: 3 },
  };
  assert.deepEqual(checkRecord(exchange(part), 'hello world', undefined, verdict, context, httpWords), {
    log_type: 'http_check',
    time: '2023-11-14T22:13:20.000Z',
    host: 'web1',
    level: 6,
    message: 'web: 200 in 34 ms',
    event_id: 'http-web1-web-http://web/-1700000000000',
    check_name: 'web',
    http_url: 'http://web/',
    http_method: 'GET',
    http_response_code: 200,
    http_response_time_ms: 34.3,
    http_response_bytes: 11,
    http_response_body: 'hello',
    http_content_type: 'text/plain',
    http_redirect_count: 0,
    http_dns_ms: 0.5,
    http_connect_ms: 1,
    http_tls_ms: 9,
    http_first_byte_ms: 20,
    result_type: 'success',
    event_outcome: 'success',
    check_state: 'up',
    consecutive_failures: 0,
    tls_days_left: 20,
  });
});

test('a certificate that is about to end is a warning, in level and message', () => {
  const part = exchange({ tlsDaysLeft: 5 });
  const verdict = applyResult(INITIAL, true, 0, policy);
  const made = checkRecord(part, undefined, undefined, verdict, context, httpWords);
  assert.equal(made.level, 4);
  assert.match(made.message, /the certificate has 5 days left/);
});

test('a check that was held up has no times, and is not too slow for it', async () => {
  const expectation = { accept: [[200, 299]] as const, maxTimeMs: 1_000 };
  const verdict = applyResult(INITIAL, true, 0, policy);
  const held = exchange({ totalMs: 5_400, heldMs: 4_600 });
  const made = checkRecord(held, undefined, undefined, verdict, context, httpWords);
  assert.equal(made.message, 'web: 200, while Node-RED stood still for 4.6 s');
  assert.deepEqual(
    Object.keys(made).filter((key) => key.endsWith('_ms')),
    [],
  );
  assert.equal((await judge(held, '', expectation, undefined, httpWords))?.type, 'local_error');
  const slow = await judge(exchange({ totalMs: 5_400, heldMs: 300 }), '', expectation, undefined, httpWords);
  assert.equal(slow?.type, 'too_slow');
  const short = checkRecord(exchange({ heldMs: 300 }), undefined, undefined, verdict, context, httpWords);
  assert.equal(short.http_response_time_ms, 34.3);
});

test('what others wrote stands in the message as they wrote it', async () => {
  const failure = { type: 'body_mismatch', reason: 'the body contains __code__' } as const;
  const down = applyResult(INITIAL, false, 0, { retries: 0, resend: 0 });
  const made = checkRecord(exchange(), undefined, failure, down, { ...context, name: '__span__' }, httpWords);
  assert.equal(made.message, '__span__ is down: body_mismatch: the body contains __code__ (GET http://web/)');
});
