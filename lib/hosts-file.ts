/**
 * The addresses that a hosts file (hosts(5)) gives a name, in their order: an address, then names, on each line; `#` begins
 * a comment. The case of a name and the dot at its end make no difference. Lists of names to block have a hundred thousand
 * lines: only those that hold the name are taken apart. Addresses are given in lower case.
 */
export function addressesIn(text: string, name: string): string[] {
  const wanted = withoutDot(name.toLowerCase());
  const addresses: string[] = [];
  if (wanted === '') return addresses;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(wanted); at !== -1; ) {
    const from = lower.lastIndexOf('\n', at) + 1;
    const end = lower.indexOf('\n', at);
    const to = end === -1 ? lower.length : end;
    const address = addressOn(lower.slice(from, to), wanted);
    if (address !== undefined && !addresses.includes(address)) addresses.push(address);
    at = lower.indexOf(wanted, to);
  }
  return addresses;
}

function addressOn(line: string, wanted: string): string | undefined {
  const [address, ...names] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
  return names.some((name) => withoutDot(name) === wanted) ? address : undefined;
}

/** `example.org.` is `example.org`: a dot at the end only says that no search domain is to be tried. */
export function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
