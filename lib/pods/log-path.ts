/**
 * The names under `/var/log/pods`, as the kubelet gives them: `<namespace>_<pod>_<uid>/<container>/<restarts>.log`. No
 * name of Kubernetes holds an underscore. Source: the kubelet's `BuildContainerLogsDirectory`, kubernetes/kubernetes,
 * pkg/kubelet/kuberuntime/helpers.go.
 */

/** A pod. Its uid is another one each time a pod of the same name is made. */
export interface Pod {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
}

/** A container of a pod, whatever run of it. */
export interface PodContainer extends Pod {
  readonly container: string;
}

/** The log of one run of a container. */
export interface PodLogFile extends PodContainer {
  /** How often the container was started again before this run. */
  readonly restarts: number;
  /** Tells the log from all others, also from those of pods of the same name. */
  readonly key: string;
  readonly path: string;
}

/** The pod of a folder of this name; undefined where it is none. */
export function parsePodFolder(name: string): Pod | undefined {
  const [namespace, pod, uid, ...rest] = name.split('_');
  const isWhole = rest.length === 0 && namespace && pod && uid;
  return isWhole ? { namespace, pod, uid } : undefined;
}

/** The number of restarts in the name of a log; undefined where it is another file, such as a rotated one. */
export function parseLogName(name: string): number | undefined {
  const digits = /^(0|[1-9]\d{0,8})\.log$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The number of restarts of the log that a file of this name is a part of: itself, or what rotation made of it. */
export function restartsOf(name: string): number | undefined {
  const [number = '', log] = name.split('.', 2);
  return log === 'log' ? parseLogName(`${number}.log`) : undefined;
}

/** The key of a log. The folder's name is the pod's. */
export function logKey(podFolder: string, container: string, restarts: number): string {
  return `${podFolder}/${container}/${restarts}`;
}

/** The key of the log that a link's target names; undefined where it names none. */
export function keyOfTarget(target: string): string | undefined {
  const [file = '', container = '', folder = ''] = target.split('/').reverse();
  const restarts = parseLogName(file);
  if (restarts === undefined || container === '' || parsePodFolder(folder) === undefined) return undefined;
  return logKey(folder, container, restarts);
}

/**
 * The id of the container in the name of a link in `/var/log/containers`, `<pod>_<namespace>_<container>-<id>.log`;
 * undefined where there is none.
 */
export function idOfLink(name: string): string | undefined {
  return /-([0-9a-f]{64})\.log$/.exec(name)?.[1];
}

/** The container in words: fifty pods call theirs `app`. */
export function podName({ namespace, pod, container }: PodContainer): string {
  return `${namespace}/${pod}/${container}`;
}

/** The key of the log of the run before. */
export function keyBefore({ key, restarts }: PodLogFile): string {
  return key.replace(/\d+$/, String(restarts - 1));
}
