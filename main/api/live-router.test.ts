import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { contract } from '../contract/contract.ts';
import { silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { createRouter } from './router.ts';

type Client = ContractRouterClient<typeof contract>;

describe('the procedures of what sandboxes say, run and use', () => {
  let engine: FakeEngine;
  let client: Client;
  let end: () => void;

  beforeEach(async () => {
    engine = new FakeEngine();
    const { port1, port2 } = new MessageChannel();
    new RPCHandler(createRouter(engine, silentLogger)).upgrade(port1);
    port1.start();
    port2.start();
    end = () => {
      port2.close();
    };
    client = createORPCClient(new RPCLink({ port: port2 }));
    const { id } = await client.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(id);
  });
  afterEach(() => {
    end();
  });

  it('read, search and clear the log', async () => {
    engine.live.say('web', { text: 'one' });
    engine.live.say('web', { text: 'two', source: 'agent' });
    expect(await client.logs.read({ name: 'web', search: 'TWO' })).toMatchObject({
      lines: [{ text: 'two', source: 'agent' }],
      hasEarlier: false,
    });
    await client.logs.clear({ name: 'web' });
    expect(await client.logs.read({ name: 'web' })).toMatchObject({ lines: [] });
    await expect(client.logs.read({ name: 'web', limit: 5001 })).rejects.toThrow();
    await expect(client.logs.read({ name: 'web', sources: [] })).rejects.toThrow();
  });

  it('fail at once for a sandbox that is not there', async () => {
    const name = 'nothing';
    for (const call of [
      () => client.logs.read({ name }),
      () => client.logs.follow({ name }),
      () => client.stats.watch({ name }),
      () => client.stats.processes({ name }),
      () => client.commands.list({ name }),
      () => client.commands.watch({ name }),
      () => client.commands.run({ name, line: 'x' }),
      () => client.sandboxes.boots({ name }),
    ]) {
      await expect(call()).rejects.toMatchObject({ data: { code: 'sandbox/not-found' } });
    }
  });

  it('run a command and give what it says', async () => {
    const { id } = await client.commands.run({ name: 'web', line: 'fail' });
    const said: unknown[] = [];
    for await (const piece of await client.commands.output({ name: 'web', id })) said.push(piece);
    expect(said).toEqual([
      { stream: 'stdout', text: 'fail\n' },
      { stream: 'stderr', text: 'It failed.\n' },
    ]);
    expect(await client.commands.list({ name: 'web' })).toMatchObject([
      { id, exit: { kind: 'exited', code: 3 } },
    ]);
    await client.commands.remove({ name: 'web', id });
    expect(await client.commands.list({ name: 'web' })).toEqual([]);
    await expect(client.commands.signal({ name: 'web', id })).rejects.toMatchObject({
      data: { code: 'command/not-found' },
    });
  });

  it('list processes and starts', async () => {
    engine.live.running = [
      { pid: 1, parentPid: 0, userId: 0, state: 'S', residentBytes: 1, cpuMs: 2, command: 'init' },
    ];
    engine.live.starts = [{ startedAtMs: 1, totalMs: 2, steps: [] }];
    expect(await client.stats.processes({ name: 'web' })).toEqual(engine.live.running);
    expect(await client.sandboxes.boots({ name: 'web' })).toEqual(engine.live.starts);
  });

  it('end what is followed when the client has enough of it', async () => {
    engine.live.sample('web', { cpuPercent: 5 });
    const stop = new AbortController();
    const samples = await client.stats.watch({ name: 'web' }, { signal: stop.signal });
    for await (const event of samples) {
      expect(event).toMatchObject({ type: 'history', samples: [{ cpuPercent: 5 }] });
      break;
    }
    for await (const overview of await client.stats.watchAll()) {
      expect(overview).toMatchObject({ web: { cpuPercent: 5 } });
      break;
    }
    stop.abort();
    await vi.waitUntil(() => engine.live.subscriptions === 0);
  });
});
