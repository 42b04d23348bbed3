const AT_ONCE = 8;

/** Does something with each of many, a few at once. Rejects with the first fault when all that were begun have ended. */
export async function inParallel(things, act) {
  const waiting = [...things];
  const faults = [];
  const work = async () => {
    while (waiting.length > 0 && faults.length === 0) {
      try {
        await act(waiting.shift());
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (faults.length > 0) throw faults[0];
}
