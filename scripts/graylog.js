// `npm run graylog -- install URL`: brings a Graylog to what `graylog/` says. Installs and builds what is due first.
import { prepare } from './prepare/prepare.js';

await prepare();
const { command } = await import('./graylog/command.js');
process.exitCode = await command(process.argv.slice(2));
