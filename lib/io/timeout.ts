/** The outcome of `job`, or what `late` gives where it is not there within `deadlineMs`. `late` may throw. */
export function withTimeout<T>(job: Promise<T>, deadlineMs: number, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, deadlineMs);
  });
  return Promise.race([job, deadline]).finally(() => clearTimeout(timer));
}
