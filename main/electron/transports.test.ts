/** From the page's request through the preload script to an engine, in this process or another. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRouter } from '../api/router.ts';
import { AppError, silentLogger } from '../engine/index.ts';
import { startHostProcess, type HostProcess } from '../server/host-process.ts';
import { createEngineHost } from './engine-host.ts';
import { HostKeeper, type OpenHost } from './host-keeper.ts';
import { brokerPorts } from './port-broker.ts';
import { createEchoEngine, echoSessionId, type EchoEngine } from './testing/echo-engine.ts';
import * as electron from './testing/fake-electron.ts';
import { FakePage, framesOf, sendFrame } from './testing/fake-page.ts';
import { FakeFrame } from './testing/fake-window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

let engine: EchoEngine;
let page: FakePage;
let hosts: HostKeeper;
let dir: string;
let other: HostProcess | undefined;

/** Makes a page of the app over hosts that are opened so. */
async function openPage(open: OpenHost, frame = new FakeFrame('app://skerry/', 'app://skerry')) {
  hosts = new HostKeeper(open, silentLogger);
  brokerPorts(hosts);
  page = new FakePage(frame);
  vi.stubGlobal('window', page);
  vi.resetModules();
  await import('./preload.ts');
}

const ownEngine: OpenHost = () => {
  const served = {
    engine,
    router: createRouter(engine, silentLogger),
    close: () => engine.close(),
  };
  return Promise.resolve(createEngineHost(served, silentLogger));
};

/** Opens the same state directory as a host process that has it. */
const takenDirectory: OpenHost = async () => {
  other = await startHostProcess({
    paths: { stateDir: dir, runtimeDir: dir, cacheDir: dir },
    version: '0.0.0-test',
    logger: silentLogger,
    openEngine: () => Promise.resolve(engine),
  });
  const details = { pid: 1, socket: other.socketPath };
  throw new AppError('host/already-running', 'Another process serves it.', { details });
};

beforeEach(() => {
  electron.resetElectron();
  engine = createEchoEngine();
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-transports-'));
});

afterEach(async () => {
  page.close();
  await hosts.close();
  await other?.close();
  other = undefined;
  vi.unstubAllGlobals();
  rmSync(dir, { recursive: true });
});

describe.each([
  ['the engine in this process', ownEngine],
  ['a host process that has the state directory already', takenDirectory],
])('a window on %s', (_what, open) => {
  beforeEach(() => openPage(open));

  it('calls procedures and gets answers and typed errors', async () => {
    const client = await page.client();
    expect((await client.host.report()).version).toBe('0.0.0-test');
    await expect(client.sandboxes.inspect({ name: 'none' })).rejects.toMatchObject({
      data: { code: 'vm/unsupported', message: 'The echo engine has no virtual machines.' },
    });
    await expect(client.sandboxes.inspect({ name: '-' })).rejects.toMatchObject({
      data: { code: 'sandbox/name-invalid' },
    });
  });

  it('hears events, and the engine hears when the window has gone', async () => {
    const client = await page.client();
    const events = await client.events();
    expect((await events.next()).value).toMatchObject({ type: 'snapshot' });
    expect(engine.subscribers).toBe(1);
    page.close();
    await vi.waitFor(() => {
      expect(engine.subscribers).toBe(0);
    });
  });

  it('has a channel of its own for the bytes of a session, every one of which arrives', async () => {
    const port = await page.sessionPort(echoSessionId);
    const frames = framesOf(port);
    const sent = Uint8Array.from({ length: 60_000 }, (_, index) => (index * 31) % 256);
    sendFrame(port, { type: 'input', bytes: sent });
    const seen = [(await frames.next()).value, (await frames.next()).value];
    expect(seen).toContainEqual({ type: 'stdout', bytes: sent });
    expect(seen).toContainEqual({ type: 'ack', byteCount: sent.length });
    sendFrame(port, { type: 'ack', byteCount: sent.length });
    sendFrame(port, { type: 'input-end' });
    expect((await frames.next()).value).toEqual({
      type: 'exit',
      status: { kind: 'exited', code: 7 },
    });
    expect((await frames.next()).done).toBe(true);
  });

  it('says why a session is not there', async () => {
    const frames = framesOf(await page.sessionPort('session-2'));
    expect((await frames.next()).value).toMatchObject({
      type: 'error',
      error: { code: 'session/not-found' },
    });
    expect((await frames.next()).done).toBe(true);
  });

  it('lets go of a session when the page goes', async () => {
    const port = await page.sessionPort(echoSessionId);
    const frames = framesOf(port);
    sendFrame(port, { type: 'input', bytes: Uint8Array.of(1) });
    await frames.next();
    expect(engine.attached).toBe(1);
    page.close();
    await vi.waitFor(() => {
      expect(engine.attached).toBe(0);
    });
  });

  it('ends a session channel that carries what is no frame', async () => {
    const port = await page.sessionPort(echoSessionId);
    const frames = framesOf(port);
    port.postMessage({ not: 'bytes' });
    const rest: unknown[] = [];
    for await (const frame of frames) rest.push(frame);
    expect(rest.filter((frame) => (frame as { type: string }).type === 'stdout')).toEqual([]);
    await vi.waitFor(() => {
      expect(engine.attached).toBe(0);
    });
  });
});

describe('a window whose host cannot be opened', () => {
  it('hears the reason with every call, and is served once the cause is gone', async () => {
    let broken = true;
    const reason = new AppError('store/no-space', 'The disk of /state is full.');
    await openPage(() => (broken ? Promise.reject(reason) : ownEngine()));

    const client = await page.client();
    const events = await client.events();
    await expect(events.next()).rejects.toMatchObject({
      data: { code: 'store/no-space', message: 'The disk of /state is full.' },
    });
    await expect(client.host.report()).rejects.toMatchObject({ data: { code: 'store/no-space' } });
    expect(hosts.runningCount()).toBe(0);

    broken = false;
    const next = await page.client();
    expect((await next.host.report()).version).toBe('0.0.0-test');
  });
});

describe('a window whose other host process goes away', () => {
  it('has its port closed, and opens the engine itself when it asks again', async () => {
    let taken = true;
    await openPage(() => (taken ? takenDirectory() : ownEngine()));
    const port = await page.rpcPort();
    const closed = new Promise((resolve) => port.once('close', resolve));
    const client = await page.client();
    await client.host.report();

    taken = false;
    await other?.close();
    await closed;
    await vi.waitFor(async () => {
      const next = await page.client();
      expect((await next.host.report()).version).toBe('0.0.0-test');
    });
  });
});

describe('a request that is not to be trusted', () => {
  const own = ['app://skerry/', 'app://skerry'] as const;
  const parent = new FakeFrame(...own);
  const detached = new FakeFrame(...own);
  detached.detached = true;

  it.each([
    ['a frame of another origin', new FakeFrame('https://example.org/', 'https://example.org')],
    ['a frame within the page', new FakeFrame(...own, parent)],
    ['a frame that was taken out', detached],
    ['a page that has not loaded', new FakeFrame('', '')],
    ['an opaque origin at the right address', new FakeFrame('app://skerry/', 'null')],
    ['the right origin at another address', new FakeFrame('about:blank', 'app://skerry')],
  ])('of %s is dropped', async (_what, frame) => {
    const open = vi.fn(ownEngine);
    await openPage(open, frame);
    const posted = vi.fn();
    frame.onMessage = posted;
    page.skerry.requestRpcPort('request-1');
    page.skerry.requestSessionPort('request-2', echoSessionId);
    await Promise.resolve();
    expect(posted).not.toHaveBeenCalled();
    expect(open).not.toHaveBeenCalled();
  });

  it('of a frame that is gone is dropped', async () => {
    const open = vi.fn(ownEngine);
    await openPage(open);
    electron.ipcMain.emit('skerry:request-rpc-port', { senderFrame: null }, 'request-1');
    await Promise.resolve();
    expect(open).not.toHaveBeenCalled();
  });

  it.each([[undefined], [''], [7], ['a b'], ['a'.repeat(129)], [{}]])(
    'for the id %j is dropped',
    async (id) => {
      const open = vi.fn(ownEngine);
      await openPage(open);
      page.skerry.requestRpcPort(id as string);
      page.skerry.requestSessionPort('request-1', id as string);
      await Promise.resolve();
      expect(open).not.toHaveBeenCalled();
    },
  );
});

describe('the preload script', () => {
  it('gives the page what it may ask and tell, and nothing of Electron', async () => {
    await openPage(ownEngine);
    expect(Object.keys(electron.contextBridge.exposed)).toEqual(['skerry']);
    expect(Object.keys(page.skerry)).toEqual([
      'kind',
      'requestRpcPort',
      'requestSessionPort',
      'choosePath',
      'setPreferences',
      'showWindow',
    ]);
    expect(page.skerry.kind).toBe('electron');
  });

  it("passes the menu's commands on", async () => {
    await openPage(ownEngine);
    const message = page.nextMessage();
    electron.ipcRenderer.emit('skerry:command', {}, 'new-sandbox');
    expect((await message).data).toEqual({ type: 'skerry:command', command: 'new-sandbox' });
  });
});
