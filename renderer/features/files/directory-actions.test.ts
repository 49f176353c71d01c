import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeBridge } from '../../testing/fake-bridge.ts';
import {
  act,
  inspectPath,
  knownEntry,
  loadChanges,
  loadDirectory,
  refreshDirectories,
  revealInTree,
  selectionIn,
  setExpanded,
  setSelection,
  type DirectoryScope,
} from './directory-actions.ts';
import { createDirectoryStore } from './directory-store.ts';
import { selectOnly } from './selection.ts';

let scope: DirectoryScope;
let close: () => void;

beforeEach(async () => {
  const { connection } = await fakeBridge();
  close = () => {
    connection.close();
  };
  scope = { client: connection.client, name: 'box', store: createDirectoryStore() };
});

afterEach(() => {
  close();
});

const state = () => scope.store.getState();
const namesIn = (path: string) => state().listings[path]?.entries?.map(({ name }) => name);

it('what was read stays when it cannot be read again', async () => {
  await loadDirectory(scope, '/root/app');
  await scope.client.files.remove({ name: 'box', path: '/root/app', recursive: true });
  await loadDirectory(scope, '/root/app');
  expect(state().listings['/root/app']).toMatchObject({
    error: { code: 'file/not-found' },
    isLoading: false,
  });
  expect(namesIn('/root/app')).toContain('server.py');
});

it('what is gone is no longer chosen', async () => {
  await loadDirectory(scope, '/root/app');
  setSelection(scope.store, '/root/app', selectOnly('server.py'));
  await act(scope, '/root/app', () =>
    scope.client.files.remove({ name: 'box', path: '/root/app/server.py' }),
  );
  expect(selectionIn(state(), '/root/app').names.size).toBe(0);
});

it('a failure stays, and offers to replace only what is in the way', async () => {
  const replace = () => undefined;
  const rename = (to: string) => () =>
    scope.client.files.rename({ name: 'box', path: '/root/notes.txt', to });
  expect(await act(scope, '/root', rename('/root/logo.svg'), replace)).toBe(false);
  expect(state().failure).toMatchObject({ error: { code: 'file/exists' }, replace });
  await act(scope, '/root', rename('/mnt/read-only/x'), replace);
  expect(state().failure?.error.code).toBe('file/denied');
  expect(state().failure?.replace).toBeUndefined();
  expect(await act(scope, '/root', rename('/root/renamed.txt'), replace)).toBe(true);
  expect(state().failure).toBeUndefined();
  expect(namesIn('/root')).toContain('renamed.txt');
});

it('knows what a path is by its directory, or by asking', async () => {
  expect(knownEntry(state(), '/root/current')).toBeUndefined();
  await inspectPath(scope, '/root/current');
  expect(knownEntry(state(), '/root/current')).toMatchObject({ leadsToDirectory: true });
  await inspectPath(scope, '/gone');
  expect(state().inspected['/gone']?.error?.code).toBe('file/not-found');
});

it('opens the tree down to a directory and reads all of it anew', async () => {
  revealInTree(scope, '/root/app/static');
  expect([...state().expanded]).toEqual(['/', '/root', '/root/app']);
  await refreshDirectories(scope, '/root/app/static');
  expect(namesIn('/root/app/static')).toEqual([]);
  expect(namesIn('/root')).toContain('app');
  setExpanded(scope, '/root', false);
  expect(state().expanded.has('/root')).toBe(false);
});

it('a symlink to a directory lists what it leads to', async () => {
  await loadDirectory(scope, '/root/current');
  expect(namesIn('/root/current')).toContain('server.py');
});

it('keeps a bounded number of directories', async () => {
  for (let count = 0; count < 205; count += 1) {
    await loadDirectory(scope, `/none-${String(count)}`);
  }
  expect(Object.keys(state().listings)).toHaveLength(200);
});

it('reads what differs from the image', async () => {
  await loadChanges(scope);
  expect(state().changes?.files).toContainEqual(
    expect.objectContaining({ path: '/etc/hosts', change: 'modified' }),
  );
  expect(state().changes?.files.map(({ path }) => path)).not.toContain('/etc');
});
