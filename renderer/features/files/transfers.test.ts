import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeBridge } from '../../testing/fake-bridge.ts';
import { createDirectoryStore } from './directory-store.ts';
import { cancelTransfer } from './run-transfer.ts';
import { createTransferStore } from './transfer-store.ts';
import { answerConflict, download, readBytes, upload, type TransferScope } from './transfers.ts';

let scope: TransferScope;
let close: () => void;

beforeEach(async () => {
  const bridge = await fakeBridge();
  close = () => {
    bridge.connection.close();
  };
  scope = {
    bridge,
    client: bridge.connection.client,
    name: 'box',
    store: createDirectoryStore(),
    transfers: createTransferStore(),
  };
});

afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

const items = [
  { path: 'site' },
  { path: 'site/index.html', file: new File(['<h1>Hello</h1>'], 'index.html') },
];
const sent = (some: typeof items = items) => upload(scope, '/tmp', () => Promise.resolve(some));
const latest = () => scope.transfers.getState().transfers[0];
const read = async (path: string) => (await scope.client.files.read({ name: 'box', path })).text;

/** A browser that saves into memory, by the dialog that it has for that. */
function savePicker(fail?: 'abort' | 'full') {
  const saved = new Map<string, Blob>();
  const aborted: string[] = [];
  vi.stubGlobal('showSaveFilePicker', (options: { readonly suggestedName: string }) => {
    if (fail === 'abort') return Promise.reject(new DOMException('no', 'AbortError'));
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const sink = new WritableStream<Uint8Array>({
      write: (chunk) => {
        if (fail === 'full') throw new DOMException('full', 'QuotaExceededError');
        chunks.push(Uint8Array.from(chunk));
      },
      close: () => {
        saved.set(options.suggestedName, new Blob(chunks));
      },
      abort: () => {
        aborted.push(options.suggestedName);
      },
    });
    return Promise.resolve({ createWritable: () => Promise.resolve(sink) });
  });
  return { saved, aborted };
}

it('sends files and directories, and chooses them where they arrived', async () => {
  await sent();
  expect(latest()).toMatchObject({ state: 'succeeded', subject: 'site', bytesTotal: 3_072 - 512 });
  expect(latest()?.bytesDone).toBe(latest()?.bytesTotal);
  expect(await read('/tmp/site/index.html')).toBe('<h1>Hello</h1>');
  expect([...(scope.store.getState().selections['/tmp']?.names ?? [])]).toEqual(['site']);
});

it('asks before it writes over what is there', async () => {
  await sent();
  const others = [
    { path: 'site' },
    { path: 'site/index.html', file: new File(['second'], 'index.html') },
  ];
  await upload(scope, '/tmp', () => Promise.resolve(others));
  expect(scope.transfers.getState().pending).toHaveLength(1);
  expect(await read('/tmp/site/index.html')).toBe('<h1>Hello</h1>');
  await answerConflict(scope, 'keep-both');
  expect(await read('/tmp/site/index.html')).toBe('<h1>Hello</h1>');
  expect(await read('/tmp/site (2)/index.html')).toBe('second');
  await upload(scope, '/tmp', () => Promise.resolve(others));
  await answerConflict(scope, undefined);
  expect(scope.transfers.getState().pending).toHaveLength(0);
  expect(await read('/tmp/site/index.html')).toBe('<h1>Hello</h1>');
  await upload(scope, '/tmp', () => Promise.resolve(others));
  await answerConflict(scope, 'replace');
  expect(await read('/tmp/site/index.html')).toBe('second');
});

it('keeps why the sandbox did not take something', async () => {
  await sent([{ path: 'refused.txt', file: new File(['x'], 'refused.txt') }]);
  expect(latest()).toMatchObject({ state: 'failed', error: { code: 'file/failed' } });
  expect(latest()?.error?.message).toContain('Permission denied');
});

it('keeps why a directory takes nothing', async () => {
  await upload(scope, '/mnt/read-only', () => Promise.resolve(items));
  expect(latest()).toMatchObject({ state: 'failed', error: { code: 'file/denied' } });
});

it('says which file of this machine could not be read, and ends the work of the sandbox', async () => {
  const gone = new File(['x'], 'gone');
  Object.defineProperty(gone, 'size', { value: 5 });
  await sent([{ path: 'gone', file: gone }]);
  expect(latest()).toMatchObject({ state: 'failed', error: { code: 'file/unreadable-here' } });
  expect(latest()?.error?.message).toContain('gone');
  const operations = await scope.client.operations.watch({ id: 'operation-1' });
  for await (const operation of operations) expect(operation.state).toBe('cancelled');
});

it('leaves out files that cannot be read, on either side, and says which', async () => {
  const locked = new File(['x'], 'locked');
  const stream = () => new Blob([]).stream().pipeThrough(new TransformStream({ flush }));
  const flush = () => {
    throw new DOMException('locked', 'NotReadableError');
  };
  Object.defineProperty(locked, 'stream', { value: stream });
  await sent([{ path: 'site' }, { path: 'site/locked', file: locked }, ...items.slice(1)]);
  expect(latest()).toMatchObject({
    state: 'succeeded',
    leftOut: ['site/locked: cannot be read on this machine'],
  });
  expect(await read('/tmp/site/index.html')).toBe('<h1>Hello</h1>');

  await scope.client.files.write({ name: 'box', path: '/tmp/site/locked', text: '' });
  const { saved } = savePicker();
  await download(scope, '/tmp', [{ name: 'site', kind: 'directory', sizeBytes: 0 }]);
  expect(latest()).toMatchObject({
    state: 'succeeded',
    leftOut: ['site/locked: left out: Permission denied'],
  });
  const entries = await unpackTar((saved.get('site.tar') ?? new Blob()).stream());
  expect(entries.map(({ header }) => header.name)).toEqual(['site/', 'site/index.html']);
});

it('a cancelled upload is cancelled on both sides', async () => {
  const big = [{ path: 'big', file: new File([new Uint8Array(1_000_000)], 'big') }];
  const done = sent(big);
  await vi.waitFor(() => {
    expect(latest()?.bytesDone).toBeGreaterThan(0);
  });
  cancelTransfer(latest()?.id ?? 0);
  await done;
  expect(latest()?.state).toBe('cancelled');
  await expect(read('/tmp/big')).rejects.toMatchObject({ data: { code: 'file/not-found' } });
});

it('one that is cancelled elsewhere ends as that', async () => {
  const big = [{ path: 'big', file: new File([new Uint8Array(1_000_000)], 'big') }];
  const done = sent(big);
  await vi.waitFor(() => {
    expect(latest()?.bytesDone).toBeGreaterThan(0);
  });
  await scope.client.operations.cancel({ id: 'operation-1' });
  await done;
  expect(latest()?.state).toBe('cancelled');
});

it('saves several files as one archive', async () => {
  const { saved } = savePicker();
  await download(scope, '/root', [
    { name: 'app', kind: 'directory', sizeBytes: 0 },
    { name: 'notes.txt', kind: 'file', sizeBytes: 23 },
  ]);
  expect(latest()).toMatchObject({ state: 'succeeded', others: 1 });
  const entries = await unpackTar(
    (await saved.get('root.tar')?.arrayBuffer()) ?? new ArrayBuffer(),
  );
  expect(entries.map(({ header }) => header.name)).toEqual([
    'app/',
    'app/server.py',
    'app/größe & maß.txt',
    'app/static/',
    'notes.txt',
  ]);
});

it('saves a large file as it is, by the stream', async () => {
  const { saved } = savePicker();
  await download(scope, '/root', [{ name: 'data.bin', kind: 'file', sizeBytes: 100_000_000 }]);
  const expected = await readBytes(scope, '/root/data.bin', 100_000);
  expect(await saved.get('data.bin')?.bytes()).toEqual(await expected.bytes());
  expect(expected.size).toBe(48_000);
});

it('saves what a link leads to', async () => {
  const { saved } = savePicker();
  await download(scope, '/', [
    { name: 'bin', kind: 'symlink', sizeBytes: 7, leadsToDirectory: true },
  ]);
  const tar = await unpackTar((await saved.get('bin.tar')?.arrayBuffer()) ?? new ArrayBuffer());
  expect(tar.length).toBeGreaterThan(1);
  expect(tar[0]?.header).toMatchObject({ name: 'bin/', type: 'directory' });
  await download(scope, '/root', [{ name: 'lost', kind: 'symlink', sizeBytes: 15 }]);
  expect(latest()).toMatchObject({ state: 'failed', error: { code: 'file/not-found' } });
  expect([...saved.keys()]).toEqual(['bin.tar']);
});

it('saves nothing of a download that fails', async () => {
  const { saved, aborted } = savePicker();
  await download(scope, '/root', [
    { name: 'notes.txt', kind: 'file', sizeBytes: 23 },
    { name: 'broken.img', kind: 'file', sizeBytes: 0 },
  ]);
  expect(latest()).toMatchObject({ state: 'failed', error: { code: 'file/failed' } });
  expect(latest()?.error?.message).toContain('Input/output error');
  expect([saved.size, aborted]).toEqual([0, ['root.tar']]);
});

it('fails where this machine takes no more', async () => {
  savePicker('full');
  await download(scope, '/root', [{ name: 'app', kind: 'directory', sizeBytes: 0 }]);
  expect(latest()).toMatchObject({ state: 'failed' });
});

it('does nothing where the dialog is closed', async () => {
  savePicker('abort');
  await download(scope, '/root', [{ name: 'app', kind: 'directory', sizeBytes: 0 }]);
  expect(latest()).toBeUndefined();
});

it('reads no more to show it than it was told', async () => {
  await expect(readBytes(scope, '/root/data.bin', 1_000)).rejects.toMatchObject({
    data: { code: 'file/not-saved' },
  });
});
