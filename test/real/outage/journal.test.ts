// Risk: the program that reads the journal is not there.

import { test } from 'node:test';
import { createJournal, present, watch } from '../../support/journal.ts';
import { until } from '../../support/until.ts';

test('auth-log-in says that there is no journalctl, and stays', present, async (t) => {
  const journal = createJournal(t);
  const path = process.env.PATH;
  process.env.PATH = journal.root;
  t.after(() => {
    process.env.PATH = path;
  });
  const seen = await watch(t, journal.root, journal.root);
  await until(
    () => seen.states.includes('auth-log-in.status.unreadable'),
    15_000,
    () => String(seen.states),
  );
});
