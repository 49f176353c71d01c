import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SkerryClient } from '../../bridge/connection.ts';
import { fakeBridge } from '../../testing/fake-bridge.ts';
import { loadDirectory, selectionIn, setSelection } from './directory-actions.ts';
import { createDirectoryStore } from './directory-store.ts';
import { createDocumentStore, openDocument, updateDocument } from './document-store.ts';
import { selectOnly } from './selection.ts';
import { keepLooking, lookAtDirectory, lookAtDocument, pauseAfterMs } from './watch-files.ts';

let client: SkerryClient;
let close: () => void;

beforeEach(async () => {
  const { connection } = await fakeBridge();
  ({ client } = connection);
  close = () => {
    connection.close();
  };
});

afterEach(() => {
  close();
});

describe('a directory that is shown', () => {
  const path = '/root/app';
  const aScope = () => ({ client, name: 'box', store: createDirectoryStore() });

  it('changes nothing while it is as it was', async () => {
    const scope = aScope();
    await loadDirectory(scope, path);
    const before = scope.store.getState();
    await lookAtDirectory(scope, path);
    expect(scope.store.getState()).toBe(before);
  });

  it('shows what has come, and keeps what is chosen of what is left', async () => {
    const scope = aScope();
    await loadDirectory(scope, path);
    setSelection(scope.store, path, selectOnly('server.py'));
    await client.files.write({ name: 'box', path: `${path}/new.txt`, text: 'new' });
    await lookAtDirectory(scope, path);
    const state = scope.store.getState();
    expect(state.listings[path]?.entries?.map(({ name }) => name)).toContain('new.txt');
    expect([...selectionIn(state, path).names]).toEqual(['server.py']);
    await client.files.remove({ name: 'box', path: `${path}/server.py` });
    await lookAtDirectory(scope, path);
    expect(selectionIn(scope.store.getState(), path).names.size).toBe(0);
  });

  it('is said to be gone when it is, and found again', async () => {
    const scope = aScope();
    await loadDirectory(scope, path);
    await client.files.rename({ name: 'box', path, to: '/root/other' });
    await lookAtDirectory(scope, path);
    expect(scope.store.getState().listings[path]?.error?.code).toBe('file/not-found');
    await client.files.rename({ name: 'box', path: '/root/other', to: path });
    await lookAtDirectory(scope, path);
    expect(scope.store.getState().listings[path]?.error).toBeUndefined();
  });

  it('is left to whoever reads it meanwhile', async () => {
    const scope = aScope();
    await loadDirectory(scope, path);
    const looking = lookAtDirectory(scope, path);
    await client.files.write({ name: 'box', path: `${path}/new.txt`, text: 'new' });
    await loadDirectory(scope, path);
    const after = scope.store.getState();
    await looking;
    expect(scope.store.getState()).toBe(after);
  });
});

describe('a text that is open', () => {
  const path = '/root/notes.txt';
  const aScope = () => ({ client, name: 'box', store: createDocumentStore() });

  it('says that the file has changed, and keeps what was typed', async () => {
    const scope = aScope();
    await openDocument(scope, path);
    const before = scope.store.getState();
    await lookAtDocument(scope, path);
    expect(scope.store.getState()).toBe(before);
    updateDocument(scope.store, path, { text: 'mine' });
    const { version } = await client.files.read({ name: 'box', path });
    await client.files.write({ name: 'box', path, text: 'theirs', version });
    await lookAtDocument(scope, path);
    const document = () => scope.store.getState().documents[path];
    expect(document()).toMatchObject({ outside: 'changed', text: 'mine' });
    await openDocument(scope, path, true);
    expect(document()).toMatchObject({ outside: undefined, text: 'theirs' });
  });

  it('says that it is gone, and no more once it is back as it was', async () => {
    const scope = aScope();
    await openDocument(scope, path);
    await client.files.rename({ name: 'box', path, to: '/root/elsewhere' });
    await lookAtDocument(scope, path);
    expect(scope.store.getState().documents[path]?.outside).toBe('removed');
    await client.files.rename({ name: 'box', path: '/root/elsewhere', to: path });
    await lookAtDocument(scope, path);
    expect(scope.store.getState().documents[path]?.outside).toBeUndefined();
  });
});

describe('looking', () => {
  it('takes a twentieth of the time at most', () => {
    expect(pauseAfterMs(10)).toBe(2_500);
    expect(pauseAfterMs(1_000)).toBe(20_000);
  });

  it('waits before each look, skips those that nobody sees, and ends', async () => {
    const stop = new AbortController();
    const seen = [true, false, true];
    let looks = 0;
    let waits = 0;
    await keepLooking(
      () => {
        looks += 1;
        return Promise.resolve();
      },
      stop.signal,
      () => seen[waits - 1] === true,
      () => {
        waits += 1;
        if (waits === 4) stop.abort();
        return Promise.resolve();
      },
    );
    expect([looks, waits]).toEqual([2, 4]);
  });
});
