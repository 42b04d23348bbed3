// `npm run flow`: writes the default flow from its description in scripts/flow/.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultFlow } from './flow/default-flow.js';
import { textOf } from './flow/place.js';
import { root } from './prepare/clone.js';

const FILE = 'flows/infrastructure-monitoring.json';
const nodes = defaultFlow();
writeFileSync(join(root, FILE), textOf(nodes));
console.log(`${FILE}: ${nodes.length} nodes`);
