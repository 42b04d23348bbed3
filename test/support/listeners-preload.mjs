// Preloaded by --import into Node-RED: on SIGWINCH it writes what this process listens to and waits for, as one line of JSON.
import { createRequire } from 'node:module';

// What Node-RED itself has loaded.
const load = createRequire(process.argv[1]);

function countsOf(emitter) {
  return Object.fromEntries(emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]));
}

process.on('SIGWINCH', () => {
  const { events } = load('@node-red/util');
  const red = load('node-red');
  const resources = process.getActiveResourcesInfo();
  // Express 4: `router` throws there. Nodes and plugins register with the runtime's own one.
  const apps = [red.httpAdmin, load('@node-red/runtime').httpAdmin];
  console.log(
    `COUNTS ${JSON.stringify({
      events: countsOf(events),
      process: countsOf(process),
      server: countsOf(red.server),
      routes: apps.map(({ _router: router }) => router?.stack.length ?? 0),
      timers: resources.filter((name) => name === 'Timeout' || name === 'Immediate').length,
    })}`,
  );
});
