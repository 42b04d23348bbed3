// A process in a network of its own, where the metadata service has its own address: prints what `graylog-server` reads of it.
import { InstanceMetadata } from '../../nodes/graylog-server/io/instance-metadata.ts';
import { startMetadata } from './instance-metadata.ts';

const document = {
  instanceId: 'i-0123456789abcdef0',
  region: 'eu-central-1',
  instanceType: 't4g.small',
  availabilityZone: 'eu-central-1b',
};
const answers = { 'dynamic/instance-identity/document': JSON.stringify(document) };
await startMetadata({ after: () => undefined }, answers, { host: '169.254.169.254', port: 80 });
const exit = (text: string, code: number): void => void process.stdout.write(text, () => process.exit(code));
new InstanceMetadata({
  onFields: (fields) => exit(JSON.stringify(fields), 0),
  onFault: (error) => exit(String(error), 1),
});
