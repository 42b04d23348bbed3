/**
 * The folders, relative to the clone, of the packages that `roots` need at run time, by a package-lock.json (version 3).
 * Optional ones that are not installed here are left out by the caller.
 */
export function closureOf(packages, roots) {
  const found = new Set();
  const visit = (name, from) => {
    const path = resolve(packages, name, from);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packages[path];
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(each, path);
  };
  for (const name of roots) visit(name, '');
  return [...found].sort();
}

/** Where Node.js finds a package that the one in the folder `from` asks for; undefined where it is not in the lock. */
function resolve(packages, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}
