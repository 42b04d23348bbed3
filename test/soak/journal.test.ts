// Random steps on a journal and on its reader, for ten minutes. `npm run soak`; `SOAK_SECONDS=10` ends it sooner.
import { test } from 'node:test';
import { present } from '../support/journal.ts';
import { JournalModel } from '../support/journal-model.ts';

const LONGEST_SECONDS = 600;
const STEPS = 80;

test('auth-log-in loses nothing of the journal, in any order of steps', present, async (t) => {
  const endMs =
    performance.now() + Math.min(Number(process.env.SOAK_SECONDS ?? LONGEST_SECONDS), LONGEST_SECONDS) * 1000;
  for (let seed = Date.now() % 1e6; performance.now() < endMs; seed++) {
    await t.test(`seed ${seed}`, (part) => new JournalModel(part, seed).run(STEPS));
  }
});
