import { MonitoringError } from '../../../lib/errors.ts';
import { PodFolder } from '../../../lib/io/pods/pod-folder.ts';
import type { PodLogFile } from '../../../lib/pods/log-path.ts';

/** The logs in the folder of pods' logs, as it is now. Rejects with the system's error, or `NO_ANSWER_WITHIN`. */
export function readPods(path: string, deadlineMs: number): Promise<PodLogFile[]> {
  const folder = new PodFolder(path);
  return new Promise<PodLogFile[]>((resolve, reject) => {
    const late = (): void => reject(new MonitoringError('NO_ANSWER_WITHIN', { seconds: deadlineMs / 1000 }));
    const timer = setTimeout(late, deadlineMs);
    folder.listen({
      found: () => undefined,
      whole: () => {
        clearTimeout(timer);
        resolve(folder.logs);
      },
      failed: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    });
  }).finally(() => folder.close());
}
