// `npm run graylog -- install URL`: brings a Graylog to what `graylog/` says. Installs and builds what is due first.
import { prepare } from './prepare/prepare.js';

const [first, ...rest] = process.argv.slice(2);
await prepare();
if (first === 'record') {
  const { recordAll } = await import('./graylog/record-all.js');
  process.exitCode = await recordAll(rest, process.env);
} else {
  const { command } = await import('./graylog/command.js');
  process.exitCode = await command([first, ...rest].filter((word) => word !== undefined));
}
