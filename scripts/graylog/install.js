// Brings a Graylog to what the sources say, and back where something fails on the way.
import { checkNoPack, checkPorts, checkProcessing, checkRules } from './checks.js';
import { checkStarted, input, readStates } from './kinds/inputs.js';
import { rule } from './kinds/parsing.js';
import { notification } from './kinds/telling.js';
import { Pace } from './pace.js';
import { foundParameters, settle } from './parameters.js';
import { planOf } from './plan.js';
import { Ids, leftovers, readPresent, stateOf } from './survey.js';

/**
 * Installs. `given`: parameters by name; `fractionKeys`: the fields whose numbers have fractions; `report` is told of each
 * thing. With `dryRun` nothing is changed. Resolves to how many things were made, changed, removed, and the parameters.
 * Rejects with the reason where it cannot be done: what was done until then is undone.
 */
export async function install(graylog, { sources, given, fractionKeys, report, dryRun = false }) {
  await checkNoPack(graylog);
  const present = await readPresent(graylog);
  const parameters = settle(sources.parameters, given, foundParameters(sources, seen(present)));
  const plan = planOf(sources, parameters, fractionKeys);
  const ids = new Ids(present);
  const wantedInputs = plan.filter(({ kind }) => kind === input).map(({ bodyOf }) => bodyOf(ids.of));
  const isOther = (entity) => stateOf(entity, present, ids) !== 'same';
  await checkPorts(graylog, wantedInputs);
  const isDue = ({ title }) => plan.some((one) => one.kind === rule && one.key === title && isOther(one));
  await checkRules(graylog, sources.rules.filter(isDue));

  const { old, left } = leftovers(plan, present);
  const undo = [];
  const pace = new Pace(graylog);
  const counts = { made: 0, changed: 0, removed: 0, same: 0 };
  const tell = (word, kind, title) => {
    counts[word] += 1;
    report.line(word, kind.name, title);
  };
  report.begin(plan.length + old.length + left.length);
  try {
    for (const entity of plan) {
      // Inputs come last: no message comes before Graylog has read its rules.
      if (entity.kind === input && pace.isDue) await awaitReading(pace, report);
      const word = await bring(graylog, entity, { plan, present, ids, undo, dryRun });
      tell(word, entity.kind, entity.title);
      if (!dryRun && word !== 'same') await pace.after(entity.kind);
    }
    if (!dryRun) await checkAll(graylog, plan, ids);
  } catch (error) {
    report.end();
    await takeBack(undo, report, pace);
    throw error;
  }
  for (const { kind, found } of old) {
    if (!dryRun) await kind.remove(graylog, found.id, found);
    tell('removed', kind, found.title ?? found.key);
    if (!dryRun) await pace.after(kind);
  }
  for (const { kind, found } of left) report.line('left', kind.name, found.title ?? found.key);
  report.end();
  return { counts, parameters };
}

export const seen = (present) => ({
  inputs: [...present.get(input).values()],
  rules: [...present.get(rule).values()],
  notifications: [...present.get(notification).values()],
});

/** Makes or changes one thing where that is due. Resolves to what was done. */
async function bring(graylog, entity, site) {
  const { present, ids, undo, dryRun } = site;
  const { kind, key } = entity;
  const state = stateOf(entity, present, ids);
  if (state === 'same') return 'same';
  if (!dryRun) await (state === 'other' ? change() : kind.createMany === undefined ? make() : makeMany());
  return state === 'absent' ? 'made' : 'changed';

  async function make() {
    const body = entity.bodyOf(ids.of);
    const id = await kind.create(graylog, body);
    ids.note(kind, key, id);
    undo.push({ entity, run: () => kind.remove(graylog, id, { id, key, body }) });
  }

  /** The first of its kind makes all that are due, or as many of them as may be made at once. */
  async function makeMany() {
    if (ids.has(kind, key)) return;
    const isDue = (one) => one.kind === kind && !ids.has(kind, one.key) && stateOf(one, present, ids) === 'absent';
    const due = site.plan.filter(isDue).slice(0, kind.atOnce);
    const wanted = due.map((one) => ({ key: one.key, body: one.bodyOf(ids.of) }));
    const made = await kind.createMany(graylog, wanted);
    for (const [index, { body }] of wanted.entries()) {
      const entity = due[index];
      const id = made.get(entity.key);
      ids.note(kind, entity.key, id);
      undo.push({ entity, run: () => kind.remove(graylog, id, { id, key: entity.key, body }) });
    }
  }

  async function change() {
    const found = present.get(kind).get(key);
    const body = entity.bodyOf(ids.of);
    undo.push({ entity, run: () => kind.update(graylog, found.id, found.body, { ...found, body }) });
    await kind.update(graylog, found.id, body, found);
  }
}

async function checkAll(graylog, plan, ids) {
  const inputs = plan.filter(({ kind }) => kind === input);
  checkStarted(
    await readStates(
      graylog,
      inputs.map(({ kind, key }) => ids.of(kind, key)),
    ),
  );
  await checkProcessing(graylog);
}

/** Waits, and says so: on a busy machine it takes a minute. */
async function awaitReading(pace, report) {
  report.say('Graylog reads its rules: it runs no event definition before it is through.');
  if (!(await pace.settle())) report.say('It is still at it: event definitions begin to run later.');
}

/** The last that was done is undone first. One thing that cannot be undone does not keep the rest. */
async function takeBack(undo, report, pace) {
  for (const { entity, run } of undo.reverse()) {
    try {
      await run();
      report.line('undone', entity.kind.name, entity.title);
      await pace.after(entity.kind);
    } catch (error) {
      report.line('not undone', entity.kind.name, `${entity.title}: ${error.message}`);
    }
  }
}
