import { containerNameOf } from '../pods/record-name.ts';
import { type Fields, fieldOf } from './compile.ts';

/** What a record is told apart by where a field is the key: of a container, the name that no other one of the host has. */
export function keyValueOf(record: Fields, field: string): unknown {
  return field === 'container_name' ? (containerNameOf(record) ?? fieldOf(record, field)) : fieldOf(record, field);
}
