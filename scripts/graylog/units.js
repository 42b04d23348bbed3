// The unit of a field stands at its end, as in all keys of our records.

const ENDINGS = {
  _bytes: { unit_type: 'size', abbrev: 'b' },
  _percent: { unit_type: 'percent', abbrev: '%' },
  _ms: { unit_type: 'time', abbrev: 'ms' },
  _seconds: { unit_type: 'time', abbrev: 's' },
};
/** What these say of a field is in the field's unit; a count of values is not. */
const KEEPS_UNIT = /^(?:sum|avg|max|min|latest|percentile)\((\w+)/;

/** Graylog's unit for each field in functions such as `max(disk_used_percent)` that has one. */
export function unitsOf(functions) {
  const fields = functions.map((text) => KEEPS_UNIT.exec(text)?.[1]).filter((field) => field !== undefined);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const ending = Object.keys(ENDINGS).find((one) => field.endsWith(one));
      return ending === undefined ? [] : [[field, ENDINGS[ending]]];
    }),
  );
}
