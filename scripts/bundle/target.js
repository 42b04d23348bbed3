/** Whether a package of a package-lock.json is made for this kind of machine; one that says nothing is made for all. */
export function fits({ os, cpu, libc }, platform, arch) {
  const allows = (list, word) => list === undefined || list.includes(word);
  // musl is the C library of others.
  return allows(os, platform) && allows(cpu, arch) && allows(libc, 'glibc');
}

/** The npm package that has Node.js itself for a kind of machine. */
export const nodePackage = (platform, arch) => `node-${platform}-${arch}`;
