import { MessageChannel } from 'node:worker_threads';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { afterEach, describe, expect, it } from 'vitest';
import type { contract } from '../contract/contract.ts';
import type { Operation } from '../contract/operation.ts';
import type { Logger } from '../engine/index.ts';
import { silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { createRouter } from './router.ts';

type Client = ContractRouterClient<typeof contract>;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A client behind a real message port, as the window of the desktop host has it. */
function connect(engine: FakeEngine, logger: Logger = silentLogger): Client {
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(createRouter(engine, logger)).upgrade(port1);
  port1.start();
  port2.start();
  ends.push(() => {
    port2.close();
  });
  return createORPCClient(new RPCLink({ port: port2 }));
}

async function errorDataOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ORPCError);
  return (error as ORPCError<string, unknown>).data;
}

async function lastOf(states: AsyncIterable<Operation>): Promise<Operation | undefined> {
  let last: Operation | undefined;
  for await (const state of states) last = state;
  return last;
}

describe('createRouter', () => {
  it('creates a sandbox and follows the operation to its end', async () => {
    const client = connect(new FakeEngine());
    const operation = await client.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    const last = await lastOf(await client.operations.watch({ id: operation.id }));

    expect(last?.state).toBe('succeeded');
    expect(await client.sandboxes.inspect({ name: 'web' })).toMatchObject({
      state: 'running',
      config: { cpus: 1, memoryMiB: 512, shell: '/bin/sh' },
    });
    await client.sandboxes.remove({ name: 'web', force: true });
    expect(await client.sandboxes.list()).toEqual([]);
  });

  it('tells a failed operation with its error', async () => {
    const client = connect(new FakeEngine());
    const operation = await client.images.pull({ reference: 'missing' });
    const last = await lastOf(await client.operations.watch({ id: operation.id }));
    expect(last).toMatchObject({ state: 'failed', error: { code: 'image/not-found' } });
  });

  it('repeats no password of a login that makes no sense', async () => {
    const lines: unknown[] = [];
    const note = (...line: unknown[]) => void lines.push(line);
    const logger = { ...silentLogger, info: note, warn: note, error: note };
    const client = connect(new FakeEngine(), logger);
    const credential = { username: '', password: 'open sesame', more: 'open sesame' };
    const data = await errorDataOf(client.registries.login({ registry: 'a.example', credential }));
    expect(data).toMatchObject({ code: 'config/invalid' });
    expect(JSON.stringify([data, lines])).not.toContain('sesame');
  });

  it('cancels an operation', async () => {
    const client = connect(new FakeEngine());
    const operation = await client.sandboxes.create({ name: 'web', image: 'endless' });
    const states = await client.operations.watch({ id: operation.id });
    await client.operations.cancel({ id: operation.id });
    expect((await lastOf(states))?.state).toBe('cancelled');
    expect(await client.sandboxes.list()).toEqual([]);
  });

  it('sends events until the client goes', async () => {
    const engine = new FakeEngine();
    const client = connect(engine);
    const events = await client.events();
    expect((await events.next()).value).toMatchObject({ type: 'snapshot' });
    engine.emit({ type: 'images', images: [] });
    expect((await events.next()).value).toEqual({ type: 'images', images: [] });
    await events.return();
  });

  it('watches and changes a network', async () => {
    const engine = new FakeEngine();
    const client = connect(engine);
    const operation = await client.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await lastOf(await client.operations.watch({ id: operation.id }));
    const events = await client.network.watch({ name: 'web' });
    expect((await events.next()).value).toMatchObject({ type: 'status' });
    await client.network.set({ name: 'web', policy: 'none', allow: undefined });
    expect((await events.next()).value).toMatchObject({
      type: 'status',
      status: { config: { policy: 'none', allow: [] } },
    });
    await events.return();
    expect(await errorDataOf(client.network.watch({ name: 'nobody' }))).toMatchObject({
      code: 'sandbox/not-found',
    });
  });

  it('sends the code, message and hint of an error of the engine', async () => {
    const client = connect(new FakeEngine());
    expect(await errorDataOf(client.sandboxes.inspect({ name: 'nobody' }))).toEqual({
      code: 'sandbox/not-found',
      message: 'There is no sandbox called "nobody".',
      hint: 'List the sandboxes with `skerry ls`.',
    });
    expect(await errorDataOf(client.operations.watch({ id: 'gone' }))).toMatchObject({
      code: 'operation/not-found',
    });
  });

  it('names every field that is wrong', async () => {
    const client = connect(new FakeEngine());
    const wrong = { name: 'web', image: 'skerry/starter', cpus: 0, memoryMiB: 1.5 };
    expect(await errorDataOf(client.sandboxes.create(wrong))).toEqual({
      code: 'config/invalid',
      message:
        'cpus: CPUs must be a whole number from 1 to 64. ' +
        'memoryMiB: Memory in MiB must be a whole number from 128 to 1048576.',
      hint: 'Correct the fields that are named.',
      details: {
        issues: [
          { field: 'cpus', message: 'CPUs must be a whole number from 1 to 64.' },
          {
            field: 'memoryMiB',
            message: 'Memory in MiB must be a whole number from 128 to 1048576.',
          },
        ],
      },
    });
  });

  it.each([
    [{ name: '-web', image: 'skerry/starter' }, 'sandbox/name-invalid'],
    [{ name: 'web', image: 'Alpine' }, 'image/reference-invalid'],
    [{ name: 'web', image: 'alpine', gpu: true }, 'config/invalid'],
  ])('gives %j the code %s', async (config, code) => {
    const client = connect(new FakeEngine());
    expect(await errorDataOf(client.sandboxes.create(config))).toMatchObject({ code });
  });

  it('keeps the inside of an unexpected error in the log', async () => {
    const logged: unknown[] = [];
    const logger: Logger = {
      ...silentLogger,
      error: (message, fields) => {
        logged.push({ message, ...fields });
      },
    };
    const engine = new FakeEngine();
    engine.images.list = () => Promise.reject(new Error('secret inside'));
    const data = await errorDataOf(connect(engine, logger).images.list());

    expect(data).toMatchObject({ code: 'internal/unexpected' });
    expect(JSON.stringify(data)).not.toContain('secret inside');
    const { reference } = (data as { details: { reference: string } }).details;
    expect(logged).toEqual([
      expect.objectContaining({
        reference,
        error: expect.stringContaining('secret inside') as unknown,
      }),
    ]);
  });

  it('treats an answer that breaks the contract as unexpected', async () => {
    const engine = new FakeEngine();
    engine.images.list = () => Promise.resolve([{ reference: 1 }] as never);
    expect(await errorDataOf(connect(engine).images.list())).toMatchObject({
      code: 'internal/unexpected',
    });
  });
});
