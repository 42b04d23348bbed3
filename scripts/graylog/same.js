/**
 * Whether what is there says all that is wanted. Graylog adds keys of its own, which do not count; what it leaves out, it
 * takes for null.
 */
export function isSame(present, wanted) {
  if (wanted === null || wanted === undefined) return present === null || present === undefined;
  if (Array.isArray(wanted))
    return (
      Array.isArray(present) &&
      present.length === wanted.length &&
      wanted.every((one, index) => isSame(present[index], one))
    );
  if (typeof wanted !== 'object') return present === wanted;
  return (
    typeof present === 'object' &&
    present !== null &&
    Object.entries(wanted).every(([key, value]) => isSame(present[key], value))
  );
}
