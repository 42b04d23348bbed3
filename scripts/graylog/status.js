// Says what of ours a Graylog has, and whether it works.
import { checkNoPack, failedMessages } from './checks.js';
import { seen } from './install.js';
import { input, readStates } from './kinds/inputs.js';
import { foundParameters, settle } from './parameters.js';
import { planOf } from './plan.js';
import { Ids, leftovers, readPresent, stateOf } from './survey.js';

/** Tells `report` of each thing. Resolves to how many are `same`, `other`, `absent`, and what does not work. */
export async function status(graylog, { sources, given, fractionKeys, report }) {
  await checkNoPack(graylog);
  const present = await readPresent(graylog);
  const parameters = settle(sources.parameters, given, foundParameters(sources, seen(present)));
  const plan = planOf(sources, parameters, fractionKeys);
  const ids = new Ids(present);
  const counts = { same: 0, other: 0, absent: 0, old: 0 };
  const tell = (word, kind, title) => {
    counts[word] += 1;
    report.line(word, kind.name, title);
  };
  for (const entity of plan) tell(stateOf(entity, present, ids), entity.kind, entity.title);
  for (const { kind, found } of leftovers(plan, present).old) tell('old', kind, found.title ?? found.key);
  const states = await readStates(
    graylog,
    [...present.get(input).values()].map(({ id }) => id),
  );
  const faults = [
    ...states.filter(({ state }) => state !== 'RUNNING').map(({ title, state }) => `The input "${title}" is ${state}`),
    ...(await failedMessages(graylog)),
  ];
  return { counts, faults };
}
