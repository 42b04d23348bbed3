import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServiceAnswer } from '../../../support/chat/judge.ts';
import { startChatService } from '../../../support/chat-services.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { alertMsg, destinationOf, endOf } from '../../../support/notify.ts';
import { openOutbox } from '../../../support/outbox.ts';
import { answerAfter } from '../../../support/pace.ts';
import { PATIENCE_MS, until } from '../../../support/until.ts';

/** A day of a fast clock is 1,500 looks at it. */
const DAY_PATIENCE_MS = 4 * PATIENCE_MS;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test('five mounts within the collection are one message, whose headline says what changed; the next is collected anew', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack) });
  const mounts = ['/', '/var', '/home', '/srv', '/tmp'].map((mount) => alertMsg({ alert_key: mount }));
  await box.take(...mounts);
  await box.empty();
  assert.equal(slack.shown.length, 1);
  assert.match(slack.shown[0] ?? '', /^🔴 web1: 5 firing\n🔴 FIRING error: disk full, \/ \(web1\)\n/);
  const [first, second] = mounts as [(typeof mounts)[0], (typeof mounts)[0]];
  await box.take(endOf(first), endOf(second, { host: 'web2' }), alertMsg({ host: 'web3', alert_severity: 'warning' }));
  await box.empty();
  assert.match(slack.shown[1] ?? '', /^🟡 1 firing, 2 over\n/);
  await box.take(endOf(mounts[2] as (typeof mounts)[0]));
  await box.empty();
  assert.match(slack.shown[2] ?? '', /^🟢 RESOLVED after .*: disk full, \/home \(web1\)/);
});

test('what is critical waits for no more than a second, and a collection of 0 s for nothing', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack), collectMs: 100_000 });
  const beganMs = box.clock.nowMs();
  await box.take(alertMsg({ alert_severity: 'critical' }));
  await box.empty();
  const tookMs = box.clock.nowMs() - beganMs;
  assert.ok(tookMs < 50_000, `${tookMs} ms`);
});

test('a firing and its end in one collection are one line: it was firing, and is over', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack) });
  const firing = alertMsg();
  await box.take(firing, endOf(firing, { alert_duration_seconds: 60.5, alert_value: 40.2, disk_used_percent: 40.2 }));
  await box.empty();
  assert.equal(slack.shown.length, 1);
  assert.match(
    slack.shown[0] ?? '',
    /^🟢 WAS FIRING for 61 s, is over: disk full, \/var \(web1\)\n.*\n40\.2 % \(limit 90 %\)/,
  );
});

test('an end whose firing never came here is not told', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack) });
  await box.take(endOf(alertMsg()));
  await box.take(alertMsg());
  await box.empty();
  assert.equal(slack.shown.length, 1);
  assert.match(slack.shown[0] ?? '', /FIRING error/);
});

test('a firing that could not be told for a day is given up; its end says when it began, and that nobody was told', async (t) => {
  const slack = await startChatService(t, 'slack');
  slack.instead = () => 'gone';
  const box = openOutbox(t, { destination: destinationOf(slack), speed: 60_000 });
  const firing = alertMsg();
  await box.take(firing);
  await box.empty(DAY_PATIENCE_MS);
  assert.match(box.faults.at(-1) ?? '', /alerts given up: 1, nobody was told/);
  slack.instead = undefined;
  await box.take(endOf(firing, { alert_duration_seconds: 93_600 }));
  await box.empty();
  assert.match(slack.shown[0] ?? '', /^🟢 RESOLVED, nobody was told: disk full/);
  assert.match(slack.shown[0] ?? '', /14:02 CET to .* CET, 1 d 2 h; nobody was told that it began/);
});

test('who was told of a firing is told of its end, whatever is chosen then; who was not hears of neither', async (t) => {
  const slack = await startChatService(t, 'slack');
  const destination = destinationOf(slack);
  const first = openOutbox(t, { destination, least: 'warning' });
  const [told, untold] = [alertMsg({ alert_severity: 'warning' }), alertMsg({ alert_severity: 'notice' })];
  await first.take(told, untold);
  await first.empty();
  await first.close();
  const second = openOutbox(t, { destination, least: 'critical', userDir: first.userDir });
  await second.take(endOf(untold), endOf(told), alertMsg({ alert_severity: 'error' }));
  await second.empty();
  assert.equal(slack.shown.length, 2);
  assert.match(slack.shown[1] ?? '', /^🟢 RESOLVED/);
});

test('critical, warning and critical again are one alert: each change is told once, and no end', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack), least: 'critical', collectMs: 0 });
  const firing = alertMsg({ alert_severity: 'critical' });
  for (const [number, severity] of ['critical', 'warning', 'critical'].entries()) {
    await box.take(alertMsg({ ...firing.payload, event_id: `s-${number}`, alert_severity: severity }));
    await box.empty();
  }
  await box.take(endOf(firing));
  await box.empty();
  const titles = slack.shown.map((text) => text.split(':')[0]);
  assert.deepEqual(titles.slice(0, 3), ['🔴 FIRING critical', '🟡 NOW warning', '🔴 NOW critical']);
  assert.match(titles[3] ?? '', /^🟢 RESOLVED/);
});

test('a reminder says for how long it has been firing', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack) });
  const firing = alertMsg();
  await box.take(firing);
  await box.empty();
  const again = { event_id: 'r-1', alert_reminder: 1, alert_duration_seconds: 10_800 };
  await box.take(alertMsg({ ...firing.payload, ...again }));
  await box.empty();
  assert.match(slack.shown[1] ?? '', /^🔴 STILL FIRING for 3 h 0 min, error: disk full/);
});

test('an event_id that came before is told once, also after a restart', async (t) => {
  const slack = await startChatService(t, 'slack');
  const destination = destinationOf(slack);
  const first = openOutbox(t, { destination });
  const firing = alertMsg();
  await first.take(firing, firing);
  await first.empty();
  await first.close();
  const second = openOutbox(t, { destination, userDir: first.userDir });
  await second.take(firing, endOf(firing), endOf(firing));
  await second.empty();
  assert.equal(slack.shown.length, 2);
});

test('a refused batch is sent alert by alert, then as plain text; what is refused even then is set aside and said', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack) });
  // One is refused in any form, one as long as there is more in the message than its text.
  slack.instead = ({ body }) => {
    const isBad = body.includes('poison') || (body.includes('choosy') && body.includes('mrkdwn'));
    return isBad ? { status: 400, body: 'invalid_payload' } : undefined;
  };
  const good = ['a', 'b', 'c'].map((key) => alertMsg({ alert_key: key }));
  await box.take(
    good[0] ?? {},
    alertMsg({ message: 'poison' }),
    good[1] ?? {},
    alertMsg({ message: 'choosy' }),
    good[2] ?? {},
  );
  await box.empty();
  assert.deepEqual(
    slack.shown.map((text) => /, (\/?\w+) \(|choosy/.exec(text)?.[1]),
    ['a', 'b', '/var', 'c'],
  );
  assert.equal(box.faults.length, 1);
  assert.match(box.faults[0] ?? '', /^alerts set aside: 1, the service refuses them: HTTP 400 invalid_payload/);
});

test('a service that refuses everything loses nothing: it is asked again each hour, and all is told when it takes them', async (t) => {
  const slack = await startChatService(t, 'slack');
  slack.instead = () => ({ status: 400, body: 'invalid_payload' });
  const box = openOutbox(t, { destination: destinationOf(slack), speed: 5_000 });
  await box.take(alertMsg(), alertMsg());
  await until(() => box.views.at(-1)?.problem?.isFault === true);
  const posts = slack.posts.length;
  const sinceMs = box.clock.nowMs();
  await until(() => slack.posts.length > posts);
  assert.ok(box.clock.nowMs() - sinceMs > HOUR_MS / 2);
  assert.equal(box.outbox.waiting, 2);
  slack.instead = undefined;
  await box.empty();
  assert.equal(slack.shown.join('\n').match(/FIRING error/g)?.length, 2);
});

const later: { readonly [what: string]: (afterMs: number) => ServiceAnswer } = {
  'seconds in a header': () => ({ status: 429, headers: { 'retry-after': '120' }, body: 'slow down' }),
  'a date in a header': (nowMs) => ({
    status: 503,
    headers: { 'retry-after': new Date(nowMs + 120_000).toUTCString() },
  }),
  'a fraction in the body': () => ({ status: 429, body: { message: 'limited', retry_after: 120.25, global: false } }),
  "Telegram's parameters": () => ({
    status: 429,
    body: { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 120 } },
  }),
};

for (const [what, answer] of Object.entries(later)) {
  test(`a service that wants to be asked later is asked then, not before: ${what}`, async (t) => {
    const json = await startChatService(t, 'json');
    const box = openOutbox(t, { destination: destinationOf(json), speed: 200, collectMs: 0 });
    const asked: number[] = [];
    json.instead = () => {
      asked.push(box.clock.nowMs());
      return asked.length === 1 ? answer(box.clock.nowMs()) : undefined;
    };
    await box.take(alertMsg());
    await until(() => asked.length === 1);
    // What comes meanwhile waits too, and overtakes nothing.
    await box.take(alertMsg());
    await box.empty();
    assert.equal(asked.length, 2);
    assert.ok((asked[1] ?? 0) - (asked[0] ?? 0) >= 118_000, `${(asked[1] ?? 0) - (asked[0] ?? 0)} ms`);
    assert.ok(box.views.some(({ problem }) => problem?.code === (what === 'a date in a header' ? '503' : '429')));
    assert.deepEqual(box.faults, []);
  });
}

test('the messages of the day are used up at ntfy: it is asked on the next day', async (t) => {
  const ntfy = await startChatService(t, 'ntfy');
  const box = openOutbox(t, { destination: destinationOf(ntfy), speed: 30_000 });
  ntfy.instead = () => ({
    status: 429,
    body: { code: 42908, http: 429, error: 'limit reached: daily message quota reached' },
  });
  await box.take(alertMsg());
  await until(() => ntfy.posts.length === 1);
  ntfy.instead = undefined;
  await box.empty();
  assert.ok(new Date(box.clock.nowMs()).getUTCDate() === 27);
  assert.equal(ntfy.posts.length, 2);
});

test('one address waits, another does not', async (t) => {
  const [slow, quick] = [await startChatService(t, 'json'), await startChatService(t, 'json')];
  slow.instead = () => ({ status: 429, headers: { 'retry-after': '3600' } });
  const boxes = [slow, quick].map((service) => openOutbox(t, { destination: destinationOf(service) }));
  const msg = alertMsg();
  await Promise.all(boxes.map((box) => box.take(msg)));
  await boxes[1]?.empty();
  assert.equal(quick.shown.length, 1);
  assert.equal(slow.posts.length, 1);
});

test('one request at a time, in order, however slow the service is', async (t) => {
  const json = await startChatService(t, 'json');
  const destination = destinationOf(json);
  let underWay = 0;
  let most = 0;
  const post: typeof destination.post = async (request, signal) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise<void>((resolve) => answerAfter(15, resolve));
    underWay -= 1;
    return destination.post(request, signal);
  };
  const box = openOutbox(t, { destination: { ...destination, post }, collectMs: 0, speed: 1 });
  const msgs = Array.from({ length: 20 }, (_, index) => alertMsg({ alert_key: `${index}` }));
  for (const msg of msgs) await box.take(msg);
  await box.empty();
  assert.equal(most, 1);
  const keys = json.posts.flatMap(({ body }) => (JSON.parse(body) as { alerts: { alert_key: string }[] }).alerts);
  assert.deepEqual(
    keys.map(({ alert_key: key }) => key),
    msgs.map(({ payload }) => payload.alert_key),
  );
});

for (const status of [401, 403, 404, 410]) {
  test(`HTTP ${status} stops: no request more, nothing lost, until the address changes`, async (t) => {
    const old = await startChatService(t, 'slack');
    old.instead = () => ({ status, body: 'no_service' });
    const destination = destinationOf(old);
    const box = openOutbox(t, { destination, speed: 50_000, collectMs: 0 });
    const firing = alertMsg();
    await box.take(firing);
    await until(() => box.views.at(-1)?.isStopped === true);
    const day = box.clock.nowMs() + 26 * HOUR_MS;
    await box.take(alertMsg());
    await until(() => box.clock.nowMs() > day, DAY_PATIENCE_MS);
    assert.equal(old.posts.length, 1);
    await box.close();
    // A restart asks no more than before.
    const again = openOutbox(t, { destination, userDir: box.userDir, collectMs: 0, clock: box.clock });
    await again.take(endOf(firing));
    assert.equal(again.views.at(-1)?.isStopped, true);
    assert.equal(again.outbox.waiting, 3);
    await again.close();
    assert.equal(old.posts.length, 1);
    const other = await startChatService(t, 'slack');
    const last = openOutbox(t, { destination: destinationOf(other), userDir: box.userDir, clock: box.clock });
    await last.empty();
    const shown = other.shown.join('\n');
    assert.match(shown, /Not told from 26 Nov 14:0\d CET to 27 Nov .*1 firing, 1 over/);
    assert.match(shown, /FIRING error/);
    assert.match(shown, /WAS FIRING/);
    assert.equal(other.shown.length, 1);
  });
}

test('a redirect is not followed: it is tried again each hour, and says where to', async (t) => {
  const slack = await startChatService(t, 'slack');
  slack.instead = () => ({ status: 302, headers: { location: 'https://login.example/secret-path' } });
  const box = openOutbox(t, { destination: destinationOf(slack) });
  await box.take(alertMsg());
  await until(() => box.views.at(-1)?.problem !== undefined);
  assert.equal(box.views.at(-1)?.problem?.reason, 'HTTP 302 → login.example');
  assert.equal(slack.posts.length, 1);
  assert.equal(box.outbox.waiting, 1);
});

test('Teams: a 200 with a failure in its body is that failure, and a 202 is only accepted', async (t) => {
  const teams = await startChatService(t, 'teams');
  const box = openOutbox(t, { destination: destinationOf(teams), collectMs: 0 });
  const bodies = [
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x',
    'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x',
  ];
  teams.instead = () => {
    const body = bodies.shift();
    return body === undefined ? undefined : { status: 200, body };
  };
  await box.take(alertMsg());
  await box.empty();
  assert.equal(teams.posts.length, 3);
  assert.equal(box.views.at(-1)?.isOnlyAccepted, true);
});

test('Telegram: a group that became another is found under its new id, also after a restart', async (t) => {
  const telegram = await startChatService(t, 'telegram');
  const NEW = '-1009876543210';
  telegram.instead = ({ body }) => {
    const isNew = body.includes(NEW);
    return isNew
      ? { status: 200, body: { ok: true, result: {} } }
      : {
          status: 400,
          body: {
            ok: false,
            error_code: 400,
            description: 'Bad Request: group chat was upgraded',
            parameters: { migrate_to_chat_id: Number(NEW) },
          },
        };
  };
  const destination = destinationOf(telegram);
  const box = openOutbox(t, { destination });
  await box.take(alertMsg());
  await box.empty();
  assert.equal(telegram.posts.length, 2);
  await box.close();
  const again = openOutbox(t, { destination, userDir: box.userDir });
  await again.take(alertMsg());
  await again.empty();
  assert.equal(telegram.posts.length, 3);
});

test('where the disk takes nothing, alerts are told at once, with the reason, and their msgs are done then', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack), isFull: true, collectMs: 3_600_000 });
  const firing = alertMsg();
  await box.take(firing);
  assert.equal(slack.shown.length, 1, 'its msg is done when it is told');
  assert.match(slack.shown[0] ?? '', /alerts are told, but not kept over a restart: ENOSPC: no space left/);
  await box.take(endOf(firing));
  assert.match(slack.shown[1] ?? '', /RESOLVED/);
  assert.deepEqual(box.faults, ['ENOSPC: no space left on device']);
});

test('what an alert node that is gone had firing is told as over, once, also what still waits', async (t) => {
  const slack = await startChatService(t, 'slack');
  const destination = destinationOf(slack);
  const first = openOutbox(t, { destination });
  const from = (node: string) => alertMsg({ alert_name: node }, { alert_node: node });
  const removed = from('removed');
  await first.take(removed, from('there'), alertMsg({ alert_name: 'by hand' }));
  await first.empty();
  await first.close();
  slack.shown.length = 0;
  const second = openOutbox(t, { destination, userDir: first.userDir });
  const taken = second.take(from('removed too'));
  second.outbox.resolveRemoved((node) => node.startsWith('removed'));
  await taken;
  second.outbox.resolveRemoved((node) => node.startsWith('removed'));
  await second.empty();
  assert.equal(slack.shown.length, 1);
  assert.match(slack.shown[0] ?? '', /RESOLVED, rule removed: removed, \/var/);
  assert.match(slack.shown[0] ?? '', /its rule is removed or disabled/);
  assert.match(slack.shown[0] ?? '', /WAS FIRING for .*: removed too/);
  second.outbox.resolveRemoved((node) => node.startsWith('removed'));
  assert.equal(second.outbox.waiting, 0);
});

test('the address and the credentials stand in no file, no reason and no fault', async (t) => {
  const json = await startChatService(t, 'json');
  const destination = destinationOf(json);
  const target = { ...destination.target, token: 'tOkEn-12345678' };
  json.instead = ({ path, headers }) => ({ status: 500, body: `cannot ${path} as ${headers.authorization}` });
  const box = openOutbox(t, { destination: { ...destination, target }, speed: 100 });
  await box.take(alertMsg());
  await until(() => box.views.at(-1)?.problem !== undefined);
  const reason = box.views.at(-1)?.problem?.reason ?? '';
  assert.match(reason, /HTTP 500 cannot 127\.0\.0\.1:\d+\/…wxyz as Bearer 127/);
  await box.close();
  const kept = readFileSync(join(box.userDir, 'infra-monitoring/notify-n.json'), 'utf8');
  for (const secret of ['s3cret', 'tOkEn', json.address]) assert.ok(!kept.includes(secret), secret);
});

test('a test is marked by its first word, is not counted, and stands apart from what is real', async (t) => {
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack), least: 'critical' });
  const trial = alertMsg({ alert_test: 1 });
  await box.take(trial, endOf(trial), alertMsg({ alert_severity: 'critical' }));
  await box.empty();
  assert.equal(slack.shown.length, 2);
  assert.match(slack.shown[0] ?? '', /^TEST 🔴 web1: 1 firing, 1 over\nTEST 🔴 FIRING error: .*\n/);
  assert.doesNotMatch(slack.shown[1] ?? '', /TEST/);
  assert.equal(box.told.length, 1);
});

test('without an address nothing is lost: what fires is told when there is one, in one message', async (t) => {
  const userDir = temporaryFolder();
  const without = openOutbox(t, { userDir });
  const [over, fires] = [alertMsg(), alertMsg({ alert_name: 'still' })];
  await without.take(over, fires, endOf(over));
  assert.equal(without.views.at(-1)?.untold, 2);
  await without.close();
  const slack = await startChatService(t, 'slack');
  const box = openOutbox(t, { destination: destinationOf(slack), userDir });
  await box.empty();
  assert.equal(slack.shown.length, 1);
  assert.match(slack.shown[0] ?? '', /1 firing, 1 over/);
});

test('what is under way when the node closes is awaited, and not told again', async (t) => {
  const json = await startChatService(t, 'json');
  const destination = destinationOf(json);
  let isUnderWay = false;
  const post: typeof destination.post = async (request, signal) => {
    isUnderWay = true;
    await new Promise<void>((resolve) => answerAfter(300, resolve));
    return destination.post(request, signal);
  };
  const box = openOutbox(t, { destination: { ...destination, post }, collectMs: 0, speed: 1 });
  await box.take(alertMsg());
  await until(() => isUnderWay);
  await box.close();
  const again = openOutbox(t, { destination, userDir: box.userDir });
  assert.equal(again.outbox.waiting, 0);
  assert.equal(json.posts.length, 1);
});

test('an outage is said once it is one, and a hiccup is not', async (t) => {
  const json = await startChatService(t, 'json');
  const box = openOutbox(t, { destination: destinationOf(json), collectMs: 0, speed: 50 });
  let failures = 1;
  json.instead = () => {
    failures -= 1;
    return failures >= 0 ? { status: 502 } : undefined;
  };
  await box.take(alertMsg());
  await box.empty();
  assert.ok(box.views.every(({ problem }) => problem?.isFault !== true));
  failures = 5;
  await box.take(alertMsg());
  await box.empty();
  assert.ok(box.views.some(({ problem }) => problem?.isFault === true));
  assert.equal(box.views.at(-1)?.problem, undefined);
});

test('the pauses between tries grow from a second to five minutes', async (t) => {
  const json = await startChatService(t, 'json');
  const box = openOutbox(t, { destination: destinationOf(json), collectMs: 0, speed: 2_000, random: () => 0.5 });
  const asked: number[] = [];
  json.instead = () => {
    asked.push(box.clock.nowMs());
    return 'gone';
  };
  await box.take(alertMsg());
  await until(() => box.clock.nowMs() > (asked[0] ?? Number.POSITIVE_INFINITY) + HOUR_MS);
  assert.ok(asked.length >= 10 && asked.length < 40, `${asked.length} tries in an hour`);
  const last = (asked.at(-1) ?? 0) - (asked.at(-2) ?? 0);
  assert.ok(last > 3 * MINUTE_MS && last < 6 * MINUTE_MS, `${last} ms`);
});
