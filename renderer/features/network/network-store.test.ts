import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BridgeError } from '../../bridge/bridge-error.ts';
import { connect, type Connection } from '../../bridge/connection.ts';
import { createFakeTransport } from '../../bridge/fake/fake-transport.ts';
import { aSandbox } from '../../testing/builders.ts';
import { aDecision, aNetworkStatus } from '../../testing/network-builders.ts';
import { followNetwork } from './follow-network.ts';
import {
  applyNetworkEvent,
  changeNetwork,
  createNetworkStore,
  pauseLog,
  type NetworkStore,
} from './network-store.ts';

let store: NetworkStore;
beforeEach(() => {
  store = createNetworkStore();
});
const targets = () => store.getState().decisions.map(({ address }) => address);

describe('applyNetworkEvent', () => {
  it('begins the log anew with each watch, in which ids may mean other entries', () => {
    const status = aNetworkStatus();
    const decisions = [aDecision({ id: 1, address: '10.0.0.1' })];
    applyNetworkEvent(store, { type: 'status', status }, true);
    applyNetworkEvent(store, { type: 'decisions', decisions });
    expect(targets()).toEqual(['10.0.0.1']);
    applyNetworkEvent(store, { type: 'status', status }, true);
    expect(targets()).toEqual([]);
  });

  it('goes on behind a log that is paused', () => {
    const first = aDecision({ id: 1 });
    applyNetworkEvent(store, { type: 'decisions', decisions: [first] });
    pauseLog(store, true);
    applyNetworkEvent(store, { type: 'decisions', decisions: [aDecision({ id: 2 })] });
    expect(store.getState().held).toEqual([first]);
    expect(store.getState().decisions).toHaveLength(2);
    pauseLog(store, false);
    expect(store.getState().held).toBeUndefined();
  });
});

describe('changeNetwork', () => {
  it('shows what came of it, or why nothing did', async () => {
    const status = aNetworkStatus({ link: 'down' });
    expect(await changeNetwork(store, () => Promise.resolve(status))).toBe(true);
    expect(store.getState().status).toBe(status);
    const fail = () => Promise.reject(new BridgeError('sandbox/busy', 'It is busy.'));
    expect(await changeNetwork(store, fail)).toBe(false);
    expect(store.getState()).toMatchObject({ status, actionError: { code: 'sandbox/busy' } });
  });
});

describe('followNetwork', () => {
  const connected = async (run: (connection: Connection) => Promise<void>) => {
    const transport = createFakeTransport({ sandboxes: [aSandbox({ name: 'a' })], stepMs: 0 });
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

  it('shows decisions and changes until the page is left', async () => {
    await connected(async ({ client }) => {
      const page = new AbortController();
      const following = followNetwork(client, 'a', store, page.signal);
      await vi.waitFor(() => {
        expect(store.getState().status?.link).toBe('up');
      });
      await client.network.decide({
        ...{ name: 'a', action: 'allow', destination: '10.11.12.13', isTemporary: true },
      });
      await vi.waitFor(() => {
        expect(store.getState().status?.rules[0]).toEqual({
          text: 'allow 10.11.12.13',
          source: 'temporary',
        });
      });
      await client.network.forget({ name: 'a', destination: '10.11.12.13' });
      await vi.waitFor(() => {
        expect(store.getState().status?.temporary).toEqual([]);
      });
      page.abort();
      await following;
    });
  });

  it('keeps why it cannot, and tries again', async () => {
    await connected(async ({ client }) => {
      const page = new AbortController();
      const wait = vi.fn(() => {
        if (wait.mock.calls.length === 2) page.abort();
        return Promise.resolve();
      });
      await followNetwork(client, 'gone', store, page.signal, wait);
      expect(store.getState().watchError?.code).toBe('sandbox/not-found');
      expect(wait).toHaveBeenCalledTimes(2);
    });
  });

  it('is told who holds a port and which one is free', async () => {
    await connected(async ({ client }) => {
      const adding = client.network.addPort({ name: 'a', port: '3000:80' });
      await expect(adding).rejects.toMatchObject({
        data: { code: 'network/port-in-use', details: { freePort: 3001 } },
      });
      const added = await client.network.addPort({ name: 'a', port: '3001:80' });
      expect(added).toMatchObject({ hostPort: 3001, guestPort: 80, state: 'listening' });
    });
  });
});
