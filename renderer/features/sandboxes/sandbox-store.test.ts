import { beforeEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from '../../bridge/connection.ts';
import { createFakeTransport } from '../../bridge/fake/fake-transport.ts';
import { aSandbox, anError } from '../../testing/builders.ts';
import { actOnSandbox, createSandbox, dismissActionError } from './sandbox-actions.ts';
import {
  applySandboxEvent,
  createSandboxStore,
  selectSandbox,
  type SandboxStore,
} from './sandbox-store.ts';
import { isAlive } from './state-rules.ts';

let store: SandboxStore;
beforeEach(() => {
  store = createSandboxStore();
});
const names = () => store.getState().sandboxes.map(({ name }) => name);

describe('applySandboxEvent', () => {
  it('is loaded with the first snapshot, oldest first', () => {
    expect(store.getState().isLoaded).toBe(false);
    const sandboxes = [
      aSandbox({ name: 'b', createdAtMs: 2 }),
      aSandbox({ name: 'a', createdAtMs: 1 }),
    ];
    applySandboxEvent(store, {
      type: 'snapshot',
      sandboxes,
      images: [],
      operations: [],
      snapshots: [],
    });
    expect(store.getState().isLoaded).toBe(true);
    expect(names()).toEqual(['a', 'b']);
  });

  it('adds, changes and removes without touching the others', () => {
    const other = aSandbox({ name: 'a', createdAtMs: 1 });
    const sandbox = aSandbox({ name: 'b', createdAtMs: 2 });
    applySandboxEvent(store, { type: 'sandbox', sandbox });
    applySandboxEvent(store, { type: 'sandbox', sandbox: other });
    expect(names()).toEqual(['a', 'b']);
    applySandboxEvent(store, { type: 'sandbox', sandbox: { ...sandbox, state: 'stopped' } });
    expect(selectSandbox('b')(store.getState())?.state).toBe('stopped');
    expect(selectSandbox('a')(store.getState())).toBe(other);
    applySandboxEvent(store, { type: 'sandbox-removed', id: sandbox.id, name: 'b' });
    expect(names()).toEqual(['a']);
  });

  it('tells a new sandbox from an old one of the same name', () => {
    applySandboxEvent(store, { type: 'sandbox', sandbox: aSandbox({ id: 'old', name: 'a' }) });
    applySandboxEvent(store, { type: 'sandbox', sandbox: aSandbox({ id: 'new', name: 'a' }) });
    applySandboxEvent(store, { type: 'sandbox-removed', id: 'old', name: 'a' });
    expect(store.getState().sandboxes.map(({ id }) => id)).toEqual(['new']);
  });
});

describe('actions', () => {
  const sandbox = aSandbox({ name: 'a', state: 'stopped' });
  const connected = async (run: (connection: Connection) => Promise<void>) => {
    const transport = createFakeTransport({ sandboxes: [sandbox], stepMs: 0 });
    await new Promise<void>((resolve, reject) => {
      const connection = connect({
        transport,
        onEvent: ({ type }) => {
          if (type !== 'snapshot') return;
          run(connection)
            .finally(() => {
              connection.close();
            })
            .then(resolve, reject);
        },
      });
    });
  };

  it('keeps what was asked for, for another try', async () => {
    await connected(async ({ client }) => {
      const config = { name: 'new', image: 'team/missing' };
      const result = await createSandbox(client, config, store);
      expect(result).toMatchObject({ ok: true, operation: { subject: 'new' } });
      expect(store.getState().submitted).toEqual({ new: config });
    });
  });

  it('returns why a sandbox cannot be had', async () => {
    await connected(async ({ client }) => {
      const result = await createSandbox(client, { name: 'a', image: 'x' }, store);
      expect(result).toMatchObject({ ok: false, error: { code: 'sandbox/name-taken' } });
    });
  });

  it('keeps a failure beside the sandbox until it is dismissed', async () => {
    await connected(async ({ client }) => {
      const done = await actOnSandbox(client, { name: 'gone', state: 'stopped' }, 'start', store);
      expect(done).toBe(false);
      expect(store.getState().actionErrors['gone']?.code).toBe('sandbox/not-found');
      expect(store.getState().pending).toEqual({});
      dismissActionError('gone', store);
      expect(store.getState().actionErrors).toEqual({});
    });
  });

  it('marks what is under way, and takes an old failure away', async () => {
    store.setState({ actionErrors: { a: anError('sandbox/busy') } });
    await connected(async ({ client }) => {
      const acting = actOnSandbox(client, sandbox, 'remove', store);
      expect(store.getState()).toMatchObject({ pending: { a: 'remove' }, actionErrors: {} });
      expect(await acting).toBe(true);
      expect(store.getState().pending).toEqual({});
    });
  });

  it('knows which states have a machine', () => {
    expect(isAlive('starting')).toBe(true);
    expect(isAlive('crashed')).toBe(false);
  });
});
