/** What the metadata service of EC2 tells of an instance. */

import type { StaticFields } from '../../lib/static-fields.ts';

/** Where the service has each field, for instances without a document that has all of them. */
export const METADATA_PATHS = {
  ec2_instance_id: 'meta-data/instance-id',
  ec2_region: 'meta-data/placement/region',
  ec2_instance_type: 'meta-data/instance-type',
  ec2_availability_zone: 'meta-data/placement/availability-zone',
} as const;

/** The instance identity document ("Instance identity documents" in the EC2 user guide). */
export const DOCUMENT_PATH = 'dynamic/instance-identity/document';

const NAMES = {
  ec2_instance_id: 'instanceId',
  ec2_region: 'region',
  ec2_instance_type: 'instanceType',
  ec2_availability_zone: 'availabilityZone',
} as const;

type Field = keyof typeof NAMES;
const FIELDS = Object.keys(NAMES) as Field[];
/** What these values look like: letters, digits, dots and dashes. Anything else is another service. */
const VALUE = /^[a-z0-9][a-z0-9.-]{0,62}$/i;

/** The value of one field, or undefined where the answer is none. */
export function instanceValue(text: string): string | undefined {
  const value = text.trim();
  return VALUE.test(value) ? value : undefined;
}

/** The fields in the text of the document; those that it lacks are left out. */
export function parseInstance(text: string): StaticFields {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof document !== 'object' || document === null) return {};
  const entries = FIELDS.map((field) => [field, instanceValue(String(Reflect.get(document, NAMES[field]) ?? ''))]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as StaticFields;
}
