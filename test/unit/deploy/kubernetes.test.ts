import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { DaemonSet } from 'kubernetes-types/apps/v1.d.ts';
import { kustomized, type Manifest } from '../../support/kustomization.ts';
import { packageRoot } from '../../support/node-red.ts';

const run = promisify(execFile);
const FOLDER = join(packageRoot, 'deploy/kubernetes');
const base = kustomized(join(FOLDER, 'base'));
const withDocker = kustomized(join(FOLDER, 'overlays/docker'));
const rootOnly = kustomized(join(FOLDER, 'overlays/root-only-logs'));
const linked = kustomized(join(FOLDER, 'overlays/linked-logs'));

/** The module of `kubernetes-types` that knows a kind. */
const MODULES: Record<string, string> = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'scheduling.k8s.io/v1': 'scheduling/v1',
};

function daemonSet(objects: readonly Manifest[]) {
  const found = objects.find(({ kind }) => kind === 'DaemonSet') as DaemonSet | undefined;
  const pod = found?.spec?.template.spec;
  const [container] = pod?.containers ?? [];
  if (found === undefined || pod === undefined || container === undefined) throw new Error('there is no DaemonSet');
  return { set: found, pod, container };
}

/** What the compiler says of the objects by the types of Kubernetes' API, where a key that it does not know is a fault. */
async function typeFaults(objects: readonly Manifest[]): Promise<string> {
  const folder = join(packageRoot, '.cache', `kubernetes-${process.pid}`);
  const lines = objects.map((object, i) => {
    const module = MODULES[object.apiVersion] ?? `unknown/${object.apiVersion}`;
    const { kind } = object;
    return `import type { ${kind} as T${i} } from 'kubernetes-types/${module}.d.ts';\nexport const o${i}: T${i} = ${JSON.stringify(object, null, 1)};\n`;
  });
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, 'objects.ts'), lines.join('\n'));
    const words = [
      '--noEmit',
      '--strict',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--skipLibCheck',
      join(folder, 'objects.ts'),
    ];
    await run(process.execPath, [join(packageRoot, 'node_modules/typescript/bin/tsc'), ...words]);
    return '';
  } catch (error) {
    return String((error as { stdout?: string }).stdout || error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("all manifests fit the types of Kubernetes' API", async () => {
  assert.equal(await typeFaults([base, withDocker, rootOnly, linked].flatMap(({ objects }) => objects)), '');
});

test('a manifest with a key that the API does not have does not fit', async () => {
  const { set } = daemonSet(base.objects);
  const wrong = { ...set, spec: { ...set.spec, replicas: 2 } } as unknown as Manifest;
  assert.match(await typeFaults([wrong]), /"replicas"' does not exist in type 'DaemonSetSpec'/);
});

test('the base mounts no Docker, and the overlay adds its socket and its group, and nothing else', () => {
  const [plain, docker] = [daemonSet(base.objects), daemonSet(withDocker.objects)];
  assert.doesNotMatch(JSON.stringify(base.objects), /docker/i);
  const added = docker.container.env?.filter(({ name }) => !plain.container.env?.some((one) => one.name === name));
  assert.deepEqual(added, [{ name: 'DOCKER_HOST', value: 'unix:///host/run/docker.sock' }]);
  assert.deepEqual(docker.container.volumeMounts, plain.container.volumeMounts);
  assert.deepEqual(docker.pod.securityContext?.supplementalGroups, [4, 999]);
  const run = docker.pod.volumes?.find(({ name }) => name === 'run');
  assert.deepEqual(run, { name: 'run', hostPath: { path: '/run' } }, 'the socket is not covered');
});

test("the base finds the pods' log files by itself, may read those of root's group, and sees no socket of a runtime", () => {
  const { pod, container } = daemonSet(base.objects);
  const variable = (name: string) => container.env?.find((one) => one.name === name)?.value;
  assert.equal(variable('DOCKER_HOST'), undefined);
  const root = container.volumeMounts?.find(({ mountPath }) => mountPath === variable('HOST_ROOT'));
  assert.equal(pod.volumes?.find(({ name }) => name === root?.name)?.hostPath?.path, '/');
  assert.ok(pod.securityContext?.supplementalGroups?.includes(0));
  // Who has this group may write to containerd's socket, also where its folder is mounted for reading only.
  const covering = container.volumeMounts?.find(({ mountPath }) => mountPath === `${root?.mountPath}/run`);
  assert.ok(pod.volumes?.find(({ name }) => name === covering?.name)?.emptyDir);
  for (const { name, readOnly } of container.volumeMounts ?? []) {
    const path: string | undefined = pod.volumes?.find((one) => one.name === name)?.hostPath?.path;
    if (path?.startsWith('/run')) assert.match(path, /^\/run\/(log|systemd\/sessions)$/);
    if (path !== undefined && name !== 'data') assert.equal(readOnly, true, path);
  }
});

test('the overlays for logs of root alone and for linked folders change only that', () => {
  const [plain, asRoot, more] = [base, rootOnly, linked].map(({ objects }) => daemonSet(objects));
  assert.deepEqual(asRoot?.container, plain?.container, 'it has no capability');
  assert.equal(asRoot?.pod.securityContext?.runAsUser, 0);
  assert.match(asRoot?.pod.initContainers?.[0]?.command?.join(' ') ?? '', /chown 0:0 /);
  const added = more?.container.volumeMounts?.filter(({ name }) => name === 'linked-logs') ?? [];
  const volume = more?.pod.volumes?.find(({ name }) => name === 'linked-logs');
  assert.deepEqual(
    added.map(({ mountPath, readOnly }) => [mountPath, readOnly]),
    [[volume?.hostPath?.path, true]],
  );
});

test('the pod has no token, runs on every node, is no root, and what waits lies on the node', () => {
  const { set, pod, container } = daemonSet(base.objects);
  assert.equal(pod.automountServiceAccountToken, false);
  assert.deepEqual(pod.tolerations, [{ operator: 'Exists' }]);
  assert.deepEqual(set.spec?.updateStrategy?.rollingUpdate, { maxSurge: 0, maxUnavailable: 1 });
  assert.deepEqual([pod.securityContext?.runAsNonRoot, pod.securityContext?.runAsUser], [true, 10001]);
  assert.deepEqual(container.securityContext?.capabilities, { drop: ['ALL'] });
  assert.equal(container.securityContext?.readOnlyRootFilesystem, true);
  const volume = (name: string) => pod.volumes?.find((one) => one.name === name);
  assert.equal(volume('data')?.hostPath?.path, '/var/lib/infra-monitoring');
  assert.equal(container.volumeMounts?.find(({ name }) => name === 'host')?.readOnly, true);
  for (const { name } of container.volumeMounts ?? []) assert.ok(volume(name), name);
  assert.ok(container.resources?.limits?.memory);
});

test('what the manifests name is there: settings, the secret, the priority, the account, and the health check of the image', () => {
  const { pod, container } = daemonSet(base.objects);
  const names = (kind: string): string[] =>
    base.objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
  assert.deepEqual(
    container.envFrom?.map(({ configMapRef }) => configMapRef?.name),
    base.generated,
  );
  assert.deepEqual(names('PriorityClass'), [pod.priorityClassName]);
  assert.deepEqual(names('ServiceAccount'), [pod.serviceAccountName]);
  const file = container.env?.find(({ name }) => name === 'LOGGING_URL_FILE')?.value ?? '';
  assert.ok(file.startsWith(`${container.volumeMounts?.find(({ name }) => name === 'secrets')?.mountPath}/`), file);
  const dockerfile = readFileSync(join(packageRoot, 'deploy/image/Dockerfile'), 'utf8');
  const [, check = ''] = /^HEALTHCHECK .*CMD \["(.*)"\]$/m.exec(dockerfile) ?? [];
  for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
    assert.deepEqual(probe?.exec?.command, [check]);
});
