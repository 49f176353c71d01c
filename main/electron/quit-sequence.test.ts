import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../engine/index.ts';
import { sequenceQuit } from './quit-sequence.ts';
import { SaidOnce } from './small-file.ts';
import * as electron from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

let dir: string;
let running: number;
const close = vi.fn(() => Promise.resolve());

beforeEach(() => {
  electron.resetElectron();
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-quit-'));
  running = 0;
  close.mockReset();
  close.mockImplementation(() => Promise.resolve());
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const toldFile = () => path.join(dir, 'told');
const start = (closeLimitMs?: number) =>
  sequenceQuit({
    hosts: { runningCount: () => running, close },
    told: new SaidOnce(toldFile()),
    logger: silentLogger,
    ...(closeLimitMs === undefined ? {} : { closeLimitMs }),
  });
/** Everything that follows from the answer to a question has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const ended = () =>
  vi.waitFor(() => {
    expect(electron.app.ended).toBe(true);
  });

describe('quitting', () => {
  it('closes the host first, once, and asks nothing where nothing runs', async () => {
    start();
    electron.app.quit();
    electron.app.quit();
    expect(electron.app.ended).toBe(false);
    await ended();
    expect(close).toHaveBeenCalledTimes(1);
    expect(electron.dialog.shown).toEqual([]);
  });

  it('says once that sandboxes go on', async () => {
    start();
    running = 2;
    electron.app.quit();
    await ended();
    expect(electron.dialog.shown[0]?.message).toBe('2 sandboxes go on running.');

    electron.app.ended = false;
    electron.app.removeAllListeners('before-quit');
    start();
    electron.app.quit();
    await ended();
    expect(electron.dialog.shown).toHaveLength(1);
  });

  it('does not happen where the user cancels, and may be asked for again', async () => {
    start();
    running = 1;
    electron.dialog.answer = 1;
    electron.app.quit();
    await settled();
    expect(electron.dialog.shown).toHaveLength(1);
    expect([electron.app.ended, close.mock.calls.length]).toEqual([false, 0]);
    expect(existsSync(toldFile())).toBe(false);

    electron.dialog.answer = 0;
    electron.app.quit();
    await ended();
    expect(electron.dialog.shown).toHaveLength(2);
  });

  it('asks nothing when the session ends', async () => {
    const quitting = start();
    running = 1;
    quitting.quitQuietly();
    expect(quitting.isUnderWay).toBe(false);
    await ended();
    expect(electron.dialog.shown).toEqual([]);
    expect(close).toHaveBeenCalledTimes(1);
    expect(quitting.isUnderWay).toBe(true);
  });

  it('happens even if the host cannot be closed, or never is', async () => {
    close.mockImplementation(() => Promise.reject(new Error('no')));
    start();
    electron.app.quit();
    await ended();

    electron.app.ended = false;
    electron.app.removeAllListeners('before-quit');
    close.mockImplementation(() => new Promise(() => undefined));
    start(1);
    electron.app.quit();
    await ended();
  });
});
