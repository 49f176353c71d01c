/** Committing a sandbox's disk in real guests, and what other tools make of the image. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { writeBusyboxImage } from '../testing/images.ts';
import { makeBusyboxRoot } from '../testing/disk-images.ts';
import { startRegistry, type TestRegistry } from '../testing/registry.ts';
import { runTool } from '../testing/run-tool.ts';
import { createSandbox, runScript, succeed, TestHome } from '../testing/test-engine.ts';

let home: TestHome;
let engine: Engine;
let registry: TestRegistry;
let base: string;
/** What an executable that may open raw sockets has, version 2 of the kernel's format. */
const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
const long = 'a-name-of-some-length/'.repeat(12);

beforeAll(async () => {
  home = await TestHome.make();
  engine = await home.open();
  registry = await startRegistry();
  const image = await writeBusyboxImage(path.join(home.dir, 'base'), {
    extra: [
      { name: 'srv', type: 'directory' },
      { name: 'srv/changed', content: 'before\n' },
      { name: 'srv/gone', content: 'gone\n' },
      { name: 'srv/tree', type: 'directory' },
      { name: 'srv/tree/below', type: 'directory' },
      { name: 'srv/tree/below/file', content: 'below\n' },
      { name: 'srv/replaced', type: 'directory' },
      { name: 'srv/replaced/old', content: 'old\n' },
      {
        name: 'srv/capable',
        content: 'x',
        mode: 0o755,
        xattrs: { 'security.capability': capability },
      },
      { name: 'srv/untouched', content: 'same\n', mode: 0o600, uid: 7 },
    ],
  });
  base = await registry.push(image.dir, image.refName, 'team/base:1');
});
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

async function output(name: string, script: string): Promise<string> {
  const { stdout, stderr, exit } = await runScript(engine, name, script);
  expect(exit, `${script}: ${stderr}`).toEqual({ kind: 'exited', code: 0 });
  return stdout;
}

/** Changes of every kind. */
const changes = `set -e
  cd /srv
  echo after >> changed; rm gone; rm -r tree
  rm -r replaced; mkdir replaced; echo new > replaced/new
  touch capable
  echo new > 'new file'; ln -s 'new file' link; ln 'new file' hard; ln hard harder
  mkdir -p '${long}'; echo deep > '${long}/ünïcödé'
  echo odd > odd; chown 12345:4000000000 odd; chmod 6751 odd
  mkdir sticky; chmod 1777 sticky; mknod null c 1 3; mkfifo pipe
  head -c 20000000 /dev/urandom > large; : > empty
  i=0; mkdir many; while [ $i -lt 400 ]; do echo $i > many/$i; i=$((i+1)); done
  touch -d '1999-12-31 23:59:58' old
  echo mine > /tmp/mine`;

/** Everything of a root but what is mounted there: names, modes, owners, times; sums of contents. */
const listing = `export LC_ALL=C; cd "\${1:-/}"
  find . -xdev \\( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./.msb \\) -prune -o -print0 |
    xargs -0 stat -c '%n|%f|%u:%g|%t:%T' | sort
  find ./srv -print0 | xargs -0 stat -c '%n|%Y' | sort
  find . -xdev \\( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run \\) -prune -o -type f -print0 |
    xargs -0 sha256sum | sort`;

/** The agent writes these of each sandbox anew. */
const withoutNames = (text: string): string =>
  text.replace(/^.*\.\/etc\/(hostname|hosts|resolv\.conf)\b.*\n/gm, '');

interface Config {
  readonly author?: string;
  readonly config: { readonly Env: string[] };
  readonly history: readonly Record<string, string>[];
  readonly rootfs: { readonly diff_ids: string[] };
}

const blob = (digest: string): Promise<Buffer> =>
  readFile(path.join(home.dir, 'images/blobs/sha256', digest.replace('sha256:', '')));

async function documents(
  digest: string,
): Promise<{ config: Config; layers: { digest: string }[] }> {
  const manifest = JSON.parse((await blob(digest)).toString()) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  const config = JSON.parse((await blob(manifest.config.digest)).toString()) as Config;
  return { config, layers: manifest.layers };
}

/** The store's blobs as an OCI layout with one image. */
async function layoutOf(digest: string): Promise<string> {
  const dir = path.join(home.dir, `layout-${digest.slice(7, 19)}`);
  await mkdir(dir);
  await symlink(path.join(home.dir, 'images/blobs'), path.join(dir, 'blobs'));
  await writeFile(path.join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const entry = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest,
    size: (await blob(digest)).length,
    annotations: { 'org.opencontainers.image.ref.name': 'latest' },
  };
  await writeFile(
    path.join(dir, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [entry] }),
  );
  return dir;
}

describe('a sandbox that runs', () => {
  it('becomes an image that has all its changes', async () => {
    await createSandbox(engine, { name: 'box', image: base, hostname: 'box' });
    await output('box', changes);
    const before = await output('box', listing);
    const request = {
      sandbox: 'box',
      reference: 'team/new:1',
      message: 'All kinds',
      author: 'Ann',
    };
    const ended = await succeed(engine, await engine.images.commit(request));
    expect(ended).toMatchObject({
      kind: 'commit',
      subject: 'box',
      outcome: { references: ['team/new:1'] },
    });
    expect(ended.stages.map(({ key, state }) => [key, state])).toEqual([
      ['read', 'done'],
      ['unpack', 'done'],
      ['root', 'done'],
    ]);
    expect(engine.sandboxes.inspect('box').state).toBe('running');
    expect(engine.sandboxes.sessions('box')).toEqual([]);
    const digest = ended.outcome?.digest ?? '';

    await createSandbox(engine, { name: 'again', image: 'team/new:1', hostname: 'box' });
    expect(withoutNames(await output('again', listing))).toBe(withoutNames(before));
    expect(
      await output('again', 'cd /srv; ls -i hard harder "new file" | cut -d" " -f1 | uniq | wc -l'),
    ).toBe('1\n');
    await engine.sandboxes.remove('again', { force: true });

    const { config, layers } = await documents(digest);
    const [below, ...above] = layers;
    expect(above).toHaveLength(1);
    expect(config.rootfs.diff_ids).toHaveLength(2);
    expect(config.author).toBe('Ann');
    expect(config.config.Env).toContain('GREETING=hello from the image');
    expect(config.history).toMatchObject([
      {},
      { created_by: 'skerry commit box', comment: 'All kinds', author: 'Ann' },
    ]);
    expect(
      (await engine.images.list()).find(({ reference }) => reference === base)?.layers[0]?.digest,
    ).toBe(below?.digest);
    const tar = gunzipSync(await blob(above[0]?.digest ?? ''));
    const names = (await listTar(tar)).filter((name) => !name.startsWith('srv/many/'));
    expect(names.filter((name) => name.includes('.wh.')).sort()).toEqual([
      'srv/.wh.gone',
      'srv/.wh.tree',
      'srv/replaced/.wh..wh..opq',
    ]);
    expect(names.filter((name) => /^(proc|sys|dev|run|\.msb|etc\/.)/.test(name))).toEqual([]);
    expect(tar.includes('SCHILY.xattr.security.capability=')).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)('is read the same by other tools', async () => {
    const before = await output('box', listing);
    const ended = await succeed(
      engine,
      await engine.images.commit({ sandbox: 'box', reference: 'team/new:2' }),
    );
    const digest = ended.outcome?.digest ?? '';
    const layout = await layoutOf(digest);
    const bundle = path.join(home.dir, 'bundle');
    await runTool('umoci', ['unpack', '--image', `${layout}:latest`, bundle]);
    const unpacked = await runTool('sh', ['-c', listing, 'sh', path.join(bundle, 'rootfs')]);
    expect(withoutNames(Buffer.from(unpacked).toString('latin1'))).toBe(withoutNames(before));
    const pushed = await registry.push(layout, 'latest', 'team/new:2');
    await engine.images.pull(pushed).then((operation) => succeed(engine, operation));
    expect((await engine.images.list()).find(({ reference }) => reference === pushed)?.digest).toBe(
      digest,
    );
  });

  it.each(['read', 'unpack', 'root'])(
    'leaves nothing of a commit that is cancelled at the stage "%s", and goes on',
    async (key) => {
      const store = path.join(home.dir, 'images');
      const content = async (): Promise<string[]> =>
        (await readdir(store, { recursive: true })).sort();
      const before = await content();
      const { promise: hasBegun, resolve } = Promise.withResolvers<undefined>();
      const off = engine.subscribe((event) => {
        if (event.type !== 'operation' || event.operation.kind !== 'commit') return;
        const stage = event.operation.stages.find((one) => one.key === key);
        if (event.operation.state !== 'running' || stage?.state !== 'active') return;
        if (key === 'read' && (stage.bytesDone ?? 0) === 0) return;
        void engine.operations.cancel(event.operation.id);
        resolve(undefined);
      });
      // Bytes that no image has yet.
      await output('box', `head -c 100000 /dev/urandom > /srv/only-${key}`);
      const operation = await engine.images.commit({ sandbox: 'box', reference: 'team/new:3' });
      await hasBegun;
      off();
      expect((await engine.operations.wait(operation.id)).state).toBe('cancelled');
      expect(await content()).toEqual(before);
      expect(await output('box', 'echo still here')).toBe('still here\n');
      const names = (await engine.images.list()).map(({ reference }) => reference);
      expect(names).not.toContain('team/new:3');
    },
  );

  it('has images that nothing is wrong with', async () => {
    const ended = await succeed(engine, await engine.images.check());
    expect(ended.outcome?.findings).toEqual([]);
    await engine.sandboxes.remove('box', { force: true });
  });
});

it('a sandbox that is stopped stays so, and its changes become an image', async () => {
  const hosted = path.join(home.dir, 'hosted');
  await mkdir(hosted);
  await createSandbox(engine, {
    name: 'idle',
    image: base,
    volumes: { '/mnt/hosted': { bind: hosted, access: 'rw' } },
    scripts: { greet: 'echo hello' },
  });
  await output('idle', 'echo kept > /srv/kept; echo outside > /mnt/hosted/outside');
  await engine.sandboxes.stop('idle');
  const states: string[] = [];
  const off = engine.subscribe((event) => {
    if (event.type === 'sandbox') states.push(event.sandbox.state);
  });
  const operation = await engine.images.commit({ sandbox: 'idle', reference: 'team/idle' });
  await expect(engine.sandboxes.start('idle')).rejects.toMatchObject({ code: 'sandbox/busy' });
  const ended = await succeed(engine, operation);
  off();
  expect(states).toEqual([]);
  expect(ended.stages.map(({ key }) => key)).toEqual([
    ...['boot', 'agent', 'read', 'stop'],
    ...['unpack', 'root'],
  ]);
  expect(engine.sandboxes.inspect('idle').state).toBe('stopped');

  const { layers } = await documents(ended.outcome?.digest ?? '');
  const names = await listTar(gunzipSync(await blob(layers[1]?.digest ?? '')));
  // The place of the volume stays, as with Docker; what is in it and what Skerry made does not.
  expect(names.sort()).toEqual(['./', 'etc/', 'mnt/', 'mnt/hosted/', 'srv/', 'srv/kept']);
  await succeed(engine, await engine.sandboxes.start('idle'));
  expect(await output('idle', 'cat /srv/kept /mnt/hosted/outside; greet')).toBe(
    'kept\noutside\nhello\n',
  );
  await createSandbox(engine, { name: 'of-idle', image: 'team/idle' });
  expect(await output('of-idle', 'cat /srv/kept; ls /mnt/hosted')).toBe('kept\n');
  await engine.sandboxes.remove('of-idle', { force: true });
  await engine.sandboxes.remove('idle', { force: true });
});

it('a root that is no image is refused before anything is read', async () => {
  const dir = path.join(home.dir, 'root');
  await makeBusyboxRoot(dir, 'root');
  await createSandbox(engine, { name: 'dir', image: dir, root: { access: 'ro' } });
  await expect(
    engine.images.commit({ sandbox: 'dir', reference: 'team/dir' }),
  ).rejects.toMatchObject({ code: 'image/nothing-to-commit' });
  await engine.sandboxes.remove('dir', { force: true });
});

async function listTar(tar: Buffer): Promise<string[]> {
  const file = path.join(home.dir, 'layer.tar');
  await writeFile(file, tar);
  const listed = await runTool('tar', ['--quoting-style=literal', '-tf', file]);
  return listed.split('\n').filter((name) => name !== '');
}
