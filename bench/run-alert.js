import { benchAlert } from './alert.js';

await benchAlert(process.argv[2] && Number(process.argv[2]));
process.exit(0);
