/** A flow with `docker-events-in` (`d`) at an engine; its msgs go to `out`. */
export function eventsFlow(host: string, settings: object): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'd', z: 'f', type: 'docker-events-in', engine: 'e', composeDir: '', ...settings, wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
  ];
}
