import { watchFile } from './watch.ts';

/** When to look at the files again: at once where the system tells of a change, else after a while. */
export interface WakeUp {
  /** Watches the file at `path`; what was watched before is let go with `forget`. */
  watch(path: string): void;
  forget(): void;
  /** Ends the wait, or the next one. */
  rouse(): void;
  /** While it is so, what the system tells ends no wait. */
  isDeaf: boolean;
  /**
   * Waits for the next look. `grew` says whether the last one found something: then it comes at once, and where nobody
   * had told of it (a network mount, some containers) looking stays frequent.
   */
  wait(grew: boolean): Promise<void>;
}

/** Where the system tells of growth, looking is only the safety net. */
const TOLD_FACTOR = 4;

/** `pollMs`: how long to wait, in ms, where the system tells nothing. */
export function createWakeUp(pollMs: number): WakeUp {
  let unwatch: (() => void) | undefined;
  let isTold = false;
  let wasTold = false;
  let isAwake = false;
  let end: () => void = () => undefined;

  const lookout: WakeUp = {
    isDeaf: false,
    watch(path) {
      unwatch ??= watchFile(path, () => {
        isTold = true;
        wasTold = true;
        if (!lookout.isDeaf) lookout.rouse();
      });
    },
    forget() {
      unwatch?.();
      unwatch = undefined;
    },
    rouse() {
      isAwake = true;
      end();
    },
    async wait(grew) {
      if (grew && !wasTold) isTold = false;
      wasTold = false;
      await new Promise<void>((resolve) => {
        if (grew || isAwake) {
          setImmediate(resolve);
          return;
        }
        const timer = setTimeout(resolve, isTold && !lookout.isDeaf ? pollMs * TOLD_FACTOR : pollMs);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      isAwake = false;
    },
  };
  return lookout;
}
