/**
 * Where the in-memory host begins, by the page's `?fake=`: `empty` (by default), `some` or `many`;
 * with `&keeper=file` nothing keeps a password encrypted, with `&lines=100000` logs are long,
 * with `&changes=20` some sandbox of `many` changes so often in a second.
 */
import type { Image } from '../../../main/contract/image.ts';
import type { Registry } from '../../../main/contract/registry.ts';
import { aSandbox, anError, anImage, aSnapshot, aTemplate } from '../../testing/builders.ts';
import type { FakeHostOptions } from './fake-host.ts';

const mebibyte = 1_048_576;

/** See the head of this file. */
export function sceneOf(search: string): FakeHostOptions {
  const parameters = new URLSearchParams(search);
  const name = parameters.get('fake') ?? 'empty';
  const keeper = parameters.get('keeper') === 'file' ? 'file' : 'secret-service';
  const now = Date.now();
  if (name === 'many') {
    const sandboxes = Array.from({ length: 200 }, (_, index) =>
      aSandbox({
        name: `box-${String(index).padStart(3, '0')}`,
        createdAtMs: now - index * 60_000,
        state: index % 3 === 0 ? 'stopped' : 'running',
      }),
    );
    const changes = Number(parameters.get('changes') ?? '0');
    return {
      ...{ images: manyImages(now), sandboxes },
      ...(changes > 0 ? { changeEveryMs: 1_000 / changes } : {}),
    };
  }
  if (name !== 'some') return { images: [anImage({ pulledAtMs: now - 3_600_000 })] };
  const lines = Number(parameters.get('lines') ?? 'NaN');
  return {
    ...{ images: someImages(now), registries, keeper, sandboxes: someSandboxes(now) },
    ...{ snapshots: someSnapshots(now), templates: someTemplates(now) },
    ...(Number.isSafeInteger(lines) ? { logLines: lines } : {}),
  };
}

/** Of layers, each with its megabytes on the disk; layers of one name are one layer. */
function layered(reference: string, layers: Readonly<Record<string, number>>, pulledAtMs: number) {
  const all = Object.entries(layers).map(([layer, size]): Image['layers'][number] => ({
    digest: hash(`${layer}-blob`),
    diffId: hash(layer),
    downloadBytes: size * 0.4 * mebibyte,
    diskBytes: size * mebibyte,
  }));
  return anImage({
    reference,
    digest: hash(Object.keys(layers).join('/')),
    layers: all,
    downloadBytes: all.reduce((sum, { downloadBytes }) => sum + downloadBytes, 0),
    diskBytes: all.reduce((sum, { diskBytes }) => sum + diskBytes, 0),
    createdAtMs: pulledAtMs - 86_400_000,
    pulledAtMs,
  });
}

/** Something like a digest of a text. */
function hash(text: string): string {
  let state = 7;
  for (const character of text)
    state = (state * 31 + (character.codePointAt(0) ?? 0)) % 4_294_967_291;
  return `sha256:${state.toString(16).padStart(8, '0').repeat(8)}`;
}

function someImages(now: number): Image[] {
  const debian = { 'debian-base': 118 };
  const python = { ...debian, 'python-runtime': 214, 'python-pip': 12 };
  return [
    anImage({ pulledAtMs: now - 3_600_000 }),
    layered('debian:bookworm', debian, now - 86_400_000),
    layered('python:3.12', python, now - 2 * 86_400_000),
    layered('localhost:5000/team/app:1.2', { ...python, app: 46 }, now - 1_200_000),
    layered('localhost:5000/team/app', { ...python, app: 46 }, now - 1_200_000),
    layered('node:22-slim', { ...debian, node: 131 }, now - 9 * 86_400_000),
    layered(
      'registry.example/tools/rust-builder:1.84',
      { ...debian, rust: 742, tools: 88 },
      now - 12 * 86_400_000,
    ),
    layered('alpine', { alpine: 8 }, now - 20 * 86_400_000),
  ];
}

function manyImages(now: number): Image[] {
  return Array.from({ length: 120 }, (_, index) =>
    layered(
      `registry.example/team/service-${String(index)}:1.${String(index % 9)}`,
      {
        [`base-${String(index % 5)}`]: 90 + (index % 5) * 40,
        [`own-${String(index)}`]: 4 + ((index * 37) % 190),
      },
      now - index * 3_600_000,
    ),
  );
}

const registries: Registry[] = [
  {
    name: 'docker.io',
    settings: { isInsecure: false, mirrors: ['mirror.example:5000'] },
    credential: {
      username: 'dev',
      kind: 'password',
      source: 'docker-helper',
      where: 'docker-credential-secretservice',
    },
  },
  {
    name: 'registry.example',
    settings: { isInsecure: false, mirrors: [], caFile: '~/certs/team-ca.pem' },
    credential: {
      username: 'ci',
      kind: 'password',
      source: 'skerry',
      keeper: 'secret-service',
      where: 'secret-tool',
    },
  },
  { name: 'localhost:5000', settings: { isInsecure: true, mirrors: [] } },
  {
    name: 'old.example',
    settings: { isInsecure: false, mirrors: [] },
    credential: {
      kind: 'identity-token',
      source: 'podman-config',
      where: '/run/user/1000/containers/auth.json',
    },
  },
  {
    name: 'broken.example',
    settings: { isInsecure: false, mirrors: [] },
    problem: 'docker-credential-pass ended with exit code 1: gpg cannot find its key.',
  },
];

function someSandboxes(now: number) {
  return [
    aSandbox({
      name: 'web-api',
      config: {
        ...{ image: 'debian:bookworm', cpus: 2, memoryMiB: 1024 },
        network: {
          deny: ['telemetry.example.org'],
          ports: ['8080:80', '0.0.0.0:5353:53/udp'],
        },
        scripts: { build: 'npm run build', test: 'npm test' },
      },
      createdAtMs: now - 7_200_000,
      startedAtMs: now - 300_000,
      ...{ bootMs: 84, beganBy: 'warm', basedOn: 'a000000004' },
    }),
    aSandbox({ name: 'scratch', createdAtMs: now - 600_000, startedAtMs: now - 590_000 }),
    aSandbox({
      ...{ name: 'old-py', state: 'stopped', createdAtMs: now - 8 * 86_400_000 },
      config: { image: 'python:3.12' },
    }),
    aSandbox({
      ...{ name: 'web-api-2', state: 'paused', basedOn: 'a000000003', beganBy: 'branched' },
      config: { image: 'debian:bookworm', cpus: 2, memoryMiB: 1024 },
      ...{ createdAtMs: now - 3_000_000, startedAtMs: now - 3_000_000 },
    }),
    aSandbox({
      ...{ name: 'nightly', state: 'suspended', createdAtMs: now - 2 * 86_400_000 },
      config: { image: 'node:22-slim', memoryMiB: 2048, suspendAfterIdleMinutes: 30 },
      suspended: { atMs: now - 5_400_000, memoryBytes: 311 * mebibyte },
    }),
    aSandbox({
      name: 'kernel-lab',
      state: 'crashed',
      config: { image: 'debian:bookworm' },
      createdAtMs: now - 3 * 86_400_000,
      lastError: anError('vm/crashed', {
        message: 'QEMU ended with signal 9 (SIGKILL) after 41 s.',
        details: { console: '[   41.02] Out of memory: Killed process 88 (cc1plus)' },
      }),
    }),
  ];
}

/** Of web-api: a line with two ways that left it, one of them of a sandbox that is gone. */
function someSnapshots(now: number) {
  const webApi = { id: 'id-web-api', name: 'web-api' };
  const gone = { id: 'id-web-api-try', name: 'web-api-try' };
  const memory = { hasMemory: true, memoryBytes: 212 * mebibyte };
  const of = (id: string, name: string, parentId: string | undefined, ageMs: number) => ({
    ...{ id: `a00000000${id}`, name, sandbox: webApi, createdAtMs: now - ageMs },
    ...(parentId === undefined ? {} : { parentId: `a00000000${parentId}` }),
  });
  return [
    aSnapshot({ ...of('1', 'clean install', undefined, 7_000_000), diskBytes: 48 * mebibyte }),
    aSnapshot({
      ...{ ...of('2', 'packages', '1', 6_400_000), diskBytes: 412 * mebibyte },
      ownDiskBytes: 96 * mebibyte,
    }),
    aSnapshot({ ...of('3', 'before the upgrade', '2', 4_200_000), ...memory }),
    aSnapshot({
      ...{ ...of('5', 'upgrade with the old libc', '2', 3_900_000), sandbox: gone, ...memory },
      memoryProblem: 'It was saved by QEMU 7.1; this is 7.2.22.',
    }),
    aSnapshot({ ...of('6', 'tests pass', '5', 3_500_000), sandbox: gone }),
    aSnapshot({ ...of('4', 'upgraded', '3', 1_500_000), ...memory, ownDiskBytes: 31 * mebibyte }),
  ];
}

function someTemplates(now: number) {
  return [
    aTemplate({ createdAtMs: now - 7_200_000, usedAtMs: now - 300_000, useCount: 14 }),
    aTemplate({
      ...{ key: 'e02f6610', cpus: 2, memoryMiB: 1024, place: 'disk', bytes: 58 * mebibyte },
      ...{ createdAtMs: now - 86_400_000, usedAtMs: now - 7_200_000, useCount: 2 },
    }),
  ];
}
