import { MonitoringError, reason } from '../../../../lib/errors.ts';
import type { StorageEvent } from './reopening-store.ts';
import type { Store } from './store.ts';

/** Tells what damage was found when a store was opened, and how many messages it cost. */
export function tellLoss(store: Store, count: number, onStorage: (event: StorageEvent, error?: unknown) => void): void {
  const { damage, hadLedger } = store;
  const why = damage?.cause === undefined ? '-' : reason(damage.cause);
  if (damage?.outcome === 'setAside') {
    onStorage('damaged', new MonitoringError('STORE_SET_ASIDE', { path: String(damage.path), count, why }));
  } else if (count > 0) {
    onStorage('partlyLost', new MonitoringError('RECORDS_MISSING', { count, why }));
  } else if (damage?.outcome === 'repaired') {
    onStorage('repaired', new MonitoringError('STORE_REPAIRED', { why }));
  } else if (damage !== undefined && !hadLedger) {
    // A store of an earlier version: nobody knows how much was lost.
    onStorage('partlyLost', new MonitoringError('STORE_LOG_DAMAGED', { text: why }));
  }
}
