/**
 * What of the clone an installed host gets. `graylog/` and the package's command are left out: a Graylog is set up once, from
 * a clone or from npm, and not by each of the hosts that it watches.
 */
export const OWN = [
  ...['package.json', 'LICENSE', 'dist/lib', 'dist/nodes', 'dist/plugins', 'examples', 'flows'],
  ...['scripts/start', 'scripts/prepare/clone.js'],
];
