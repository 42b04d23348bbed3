// The zone of times without one. A rule cannot ask for a setting: it stands in the rule's text.

const TITLE = 'infra-monitoring: common time zone';
const ZONE = /(to_string\(\$message\.time_zone, )"([^"]*)"/;

/** The rules, with this zone in the one that has it. */
export function rulesIn({ rules }, zone) {
  return rules.map((one) =>
    one.title === TITLE ? { ...one, source: one.source.replace(ZONE, (_all, head) => `${head}"${zone}"`) } : one,
  );
}

/** The zone that stands in installed rules; undefined where it is not there. `rules`: each with its title as `key`. */
export function zoneIn(rules) {
  return ZONE.exec(rules.find(({ key }) => key === TITLE)?.body.source ?? '')?.[2];
}
