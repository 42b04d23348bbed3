// Risk: reboots, a clock that was set back, other machines, vacuuming and a lost cursor take entries from the reader.

import { test } from 'node:test';
import { present } from '../../support/journal.ts';
import { JournalModel } from '../../support/journal-model.ts';

/** Each is another order of steps. `npm run soak` takes random ones. */
const SEEDS = [1, 2, 3, 4, 5, 6];

for (const seed of SEEDS) {
  test(
    `auth-log-in loses nothing of the journal, whatever happens to it and to itself (seed ${seed})`,
    present,
    async (t) => {
      await new JournalModel(t, seed).run(40);
    },
  );
}
