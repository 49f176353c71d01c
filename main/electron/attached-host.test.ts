import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { startHostProcess, type HostProcess } from '../server/host-process.ts';
import { createAttachedHost } from './attached-host.ts';

let dir: string;
let engine: FakeEngine;
let other: HostProcess;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'skerry-attached-'));
  engine = new FakeEngine();
  other = await startHostProcess({
    paths: { stateDir: dir, runtimeDir: dir, cacheDir: dir },
    version: '0.0.0-test',
    logger: silentLogger,
    openEngine: () => Promise.resolve(engine),
  });
});
afterEach(async () => {
  await other.close();
  await rm(dir, { recursive: true });
});

describe('the sandboxes of another host process', () => {
  it('are heard of, stopped, and gone with it', async () => {
    const host = createAttachedHost(other.socketPath);
    const heard: string[] = [];
    const end = host.watchSandboxes((sandboxes) => {
      heard.push(sandboxes.map(({ name, state }) => `${name} ${state}`).join());
    });
    const { id } = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(id);
    await vi.waitFor(() => {
      expect(heard.at(-1)).toBe('web running');
    });
    await host.stopSandbox('web');
    await vi.waitFor(() => {
      expect(heard.at(-1)).toBe('web stopped');
    });
    await other.close();
    await vi.waitFor(() => {
      expect(heard.at(-1)).toBe('');
    });
    end();
  });

  it('are heard of no more by who has stopped listening', async () => {
    const host = createAttachedHost(other.socketPath);
    const listener = vi.fn();
    const end = host.watchSandboxes(listener);
    await vi.waitFor(() => {
      expect(engine.subscriptions).toBe(1);
    });
    end();
    await vi.waitFor(() => {
      expect(engine.subscriptions).toBe(0);
    });
    expect(listener).toHaveBeenCalledTimes(1);
  });
});
