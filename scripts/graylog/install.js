// Brings a Graylog to what the sources say, and back where something fails on the way.
import { checkNoPack, checkPorts, checkProcessing, checkRules } from './checks.js';
import { checkStarted, input, readStates } from './kinds/inputs.js';
import { rule } from './kinds/parsing.js';
import { notification } from './kinds/telling.js';
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
  const counts = { made: 0, changed: 0, removed: 0, same: 0 };
  const tell = (word, kind, title) => {
    counts[word] += 1;
    report.line(word, kind.name, title);
  };
  report.begin(plan.length + old.length + left.length);
  try {
    for (const entity of plan) {
      const word = await bring(graylog, entity, { plan, present, ids, undo, dryRun });
      tell(word, entity.kind, entity.title);
    }
    if (!dryRun) await checkAll(graylog, plan, ids);
  } catch (error) {
    report.end();
    await takeBack(undo, report);
    throw error;
  }
  for (const { kind, found } of old) {
    if (!dryRun) await kind.remove(graylog, found.id, found);
    tell('removed', kind, found.title ?? found.key);
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

  /** The first of its kind makes all that are due. */
  async function makeMany() {
    if (ids.has(kind, key)) return;
    const due = site.plan.filter((one) => one.kind === kind && stateOf(one, present, ids) === 'absent');
    const made = await kind.createMany(
      graylog,
      due.map(({ bodyOf }) => bodyOf(ids.of)),
    );
    for (const one of due) {
      const id = made.get(one.key);
      ids.note(kind, one.key, id);
      undo.push({ entity: one, run: () => kind.remove(graylog, id) });
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

/** The last that was done is undone first. One thing that cannot be undone does not keep the rest. */
async function takeBack(undo, report) {
  for (const { entity, run } of undo.reverse()) {
    try {
      await run();
      report.line('undone', entity.kind.name, entity.title);
    } catch (error) {
      report.line('not undone', entity.kind.name, `${entity.title}: ${error.message}`);
    }
  }
}
