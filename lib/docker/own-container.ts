/** Which container this process runs in: a node that followed its own log would never come to an end. */

const ID = /\b[0-9a-f]{64}\b/;

/** Docker mounts these three files into every container, from the container's own folder. */
const OWN_FILES = ['/etc/hostname', '/etc/hosts', '/etc/resolv.conf'];

/**
 * The id of the container, or undefined outside of one. `mountinfo` and `cgroup` are the texts of the files of these
 * names in `/proc/self`. On a host, `mountinfo` lists other containers' mounts as well: only the own files count.
 */
export function ownContainer(mountinfo: string, cgroup: string): string | undefined {
  for (const line of mountinfo.split('\n')) {
    const [, , , root = '', mountPoint = ''] = line.split(' ');
    if (!OWN_FILES.includes(mountPoint)) continue;
    const id = ID.exec(root)?.[0];
    if (id !== undefined) return id;
  }
  // A service on a host has no such path: only containers run in a group named after them.
  return /(?:docker[-/]|libpod-|containers\/)([0-9a-f]{64})(?:\.scope)?$/m.exec(cgroup)?.[1];
}

/**
 * The container of a pod that this process runs in, `<uid>/<container>`, or undefined outside of one: the kubelet mounts its
 * file for last words from a folder of that name. `mountinfo` is as for `ownContainer`.
 */
export function ownPodContainer(mountinfo: string): string | undefined {
  for (const line of mountinfo.split('\n')) {
    const [, , , root = '', mountPoint = ''] = line.split(' ');
    const [, uid, container] = /\/pods\/([^/]+)\/containers\/([^/]+)\/[^/]+$/.exec(root) ?? [];
    if (mountPoint === '/dev/termination-log' && uid && container) return `${uid}/${container}`;
  }
  return undefined;
}
