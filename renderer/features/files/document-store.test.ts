import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeBridge } from '../../testing/fake-bridge.ts';
import {
  createDocumentStore,
  dropDocuments,
  isUnsaved,
  moveDocuments,
  openDocument,
  saveDocument,
  unsavedPaths,
  updateDocument,
  type DocumentScope,
} from './document-store.ts';

const path = '/root/notes.txt';
let scope: DocumentScope;
let close: () => void;

beforeEach(async () => {
  const { connection } = await fakeBridge();
  close = () => {
    connection.close();
  };
  scope = { client: connection.client, name: 'box', store: createDocumentStore() };
});

afterEach(() => {
  close();
});

const document = (of = path) => {
  const found = scope.store.getState().documents[of];
  if (found === undefined) throw new Error(`${of} is not open.`);
  return found;
};
const type = (text: string) => {
  updateDocument(scope.store, path, { text });
};
const read = () => scope.client.files.read({ name: 'box', path });

it('a text is opened, changed and saved', async () => {
  await openDocument(scope, path);
  expect(document().text).toBe('First line\nSecond line\n');
  type('changed');
  expect(unsavedPaths(scope.store.getState())).toEqual([path]);
  await saveDocument(scope, path);
  expect(isUnsaved(document())).toBe(false);
  expect((await read()).text).toBe('changed');
  type('again');
  await saveDocument(scope, path);
  expect(document().saveError).toBeUndefined();
  expect((await read()).text).toBe('again');
});

it('what was typed survives that the file is opened again, and other files are', async () => {
  await openDocument(scope, path);
  type('mine');
  await openDocument(scope, '/etc/hosts');
  await openDocument(scope, path);
  expect(document().text).toBe('mine');
  await openDocument(scope, '/etc/hostname');
  expect(Object.keys(scope.store.getState().documents)).toEqual([path, '/etc/hostname']);
});

it('a file that changed meanwhile is not written over without having been asked', async () => {
  await openDocument(scope, path);
  type('mine');
  const { version } = await read();
  await scope.client.files.write({ name: 'box', path, text: 'theirs', version });
  await saveDocument(scope, path);
  expect(document().saveError?.code).toBe('file/changed');
  expect(document().text).toBe('mine');
  expect((await read()).text).toBe('theirs');
  await saveDocument(scope, path, true);
  expect((await read()).text).toBe('mine');
  expect(document().saveError).toBeUndefined();
});

it('it can be read anew instead', async () => {
  await openDocument(scope, path);
  type('mine');
  const { generation } = document();
  await openDocument(scope, path, true);
  expect(document().text).toBe('First line\nSecond line\n');
  expect(document().generation).toBe(generation + 1);
});

it('one that is gone is made anew', async () => {
  await openDocument(scope, path);
  type('mine');
  await scope.client.files.remove({ name: 'box', path });
  await saveDocument(scope, path);
  expect(document().saveError?.code).toBe('file/changed');
  await saveDocument(scope, path, true);
  expect((await read()).text).toBe('mine');
});

it('what was typed while it was saved is still unsaved', async () => {
  await openDocument(scope, path);
  type('first');
  const saving = saveDocument(scope, path);
  type('second');
  await saving;
  expect((await read()).text).toBe('first');
  expect(document().text).toBe('second');
  expect(isUnsaved(document())).toBe(true);
});

it('says why a file cannot be opened', async () => {
  await openDocument(scope, '/root/data.bin');
  expect(scope.store.getState().openErrors['/root/data.bin']?.code).toBe('file/not-text');
  await openDocument(scope, '/root/huge.log');
  expect(scope.store.getState().openErrors['/root/huge.log']?.code).toBe('file/too-large');
});

it('texts go with their directory, and away with it', async () => {
  await openDocument(scope, path);
  moveDocuments(scope.store, '/root', '/home/me');
  expect(document('/home/me/notes.txt').text).toContain('First');
  dropDocuments(scope.store, ['/home/m']);
  expect(Object.keys(scope.store.getState().documents)).toHaveLength(1);
  dropDocuments(scope.store, ['/home/me']);
  expect(scope.store.getState().documents).toEqual({});
});
