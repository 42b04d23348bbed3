// Takes away what an installation made. Messages stay, and what others made.
import { checkNoPack } from './checks.js';
import { fieldProfile, indexSet } from './kinds/indexing.js';
import { Pace } from './pace.js';
import { settle } from './parameters.js';
import { KINDS, planOf } from './plan.js';
import { leftovers, readPresent } from './survey.js';

/**
 * Uninstalls. With `deleteData` the index set goes too, and all messages in it. With `dryRun` nothing is changed. Resolves to
 * how many things were removed and kept.
 */
export async function uninstall(graylog, { sources, report, deleteData = false, dryRun = false }) {
  await checkNoPack(graylog);
  const present = await readPresent(graylog);
  const going = goingOf(sources, present, deleteData);
  const kept = deleteData ? [] : [indexSet, fieldProfile].flatMap((kind) => entries(kind, present));
  const pace = new Pace(graylog);
  report.begin(going.length);
  for (const { kind, found } of going) {
    if (!dryRun) await kind.remove(graylog, found.id, found);
    report.line('removed', kind.name, found.title ?? found.key);
    if (!dryRun) await pace.after(kind);
  }
  for (const { kind, found } of kept) report.line('kept', kind.name, found.title ?? found.key);
  report.end();
  return { counts: { removed: going.length, kept: kept.length } };
}

const entries = (kind, present) => [...present.get(kind).values()].map((found) => ({ kind, found }));

/** What goes, each before what it needs. */
function goingOf(sources, present, deleteData) {
  // Some webhook, so that the notification is in the plan.
  const given = { WEBHOOK_URL: 'http://192.0.2.1/' };
  const plan = planOf(sources, settle(sources.parameters, given, {}), []);
  const known = new Set(plan.map(({ kind, key }) => `${kind.name} ${key}`));
  const ours = [...KINDS]
    .reverse()
    .flatMap((kind) => entries(kind, present))
    .filter(({ kind, found }) => (kind.holdsData ? deleteData : known.has(`${kind.name} ${found.key}`)));
  const { old } = leftovers(plan, present);
  return [...KINDS].reverse().flatMap((kind) => [...ours, ...old].filter((one) => one.kind === kind));
}
