import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as electron from './testing/fake-electron.ts';
import type { FakeBrowserWindow } from './testing/fake-window.ts';
import { watchHealth } from './window-health.ts';
import { buildWebPreferences, openWindow } from './window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

let dir: string;

beforeEach(() => {
  electron.resetElectron();
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-window-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function open(): FakeBrowserWindow {
  const stateFile = path.join(dir, 'window.json');
  const window = openWindow({ preloadFile: '/app/preload.cjs', stateFile, development: false });
  return window as unknown as FakeBrowserWindow;
}

describe('buildWebPreferences', () => {
  it('is Electron’s checklist, in full and by name', () => {
    expect(buildWebPreferences({ preloadFile: '/app/preload.cjs', development: false })).toEqual({
      preload: '/app/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      disableDialogs: true,
      spellcheck: false,
      devTools: false,
    });
  });

  it('has the developer tools in development, and nothing else besides', () => {
    const released = buildWebPreferences({ preloadFile: 'p', development: false });
    const developed = buildWebPreferences({ preloadFile: 'p', development: true });
    expect(developed).toEqual({ ...released, devTools: true });
  });
});

describe('openWindow', () => {
  it('uses those preferences and loads the app’s own page', () => {
    const window = open();
    expect(window.options.webPreferences).toEqual(
      buildWebPreferences({ preloadFile: '/app/preload.cjs', development: false }),
    );
    expect(window.webContents.mainFrame.url).toBe('app://skerry/');
  });

  it('is shown when its page is drawn, and not before', () => {
    const window = open();
    expect(window.visible).toBe(false);
    window.emit('ready-to-show');
    expect(window.visible).toBe(true);
    expect(window.maximized).toBe(false);
  });

  it('cannot be made smaller than its pages', () => {
    expect(open().options).toMatchObject({ minWidth: 900, minHeight: 600 });
  });

  it('opens where the last one was closed, maximized if that was', () => {
    const first = open();
    first.bounds = { x: 300, y: 200, width: 1111, height: 777 };
    first.maximized = true;
    first.close();
    const second = open();
    expect(second.options).toMatchObject({ x: 300, y: 200, width: 1111, height: 777 });
    second.emit('ready-to-show');
    expect(second.maximized).toBe(true);
  });

  it('is placed anew when the screen it was on is gone', () => {
    const first = open();
    first.bounds = { x: 5000, y: 0, width: 1000, height: 700 };
    first.close();
    expect(open().options.x).toBeUndefined();
  });

  it('has the background of the page from the first moment, and follows the theme', () => {
    const tokens = readFileSync(path.resolve(import.meta.dirname, '../../renderer/ui/tokens.css'));
    const surface = /--grey-1: light-dark\((#\w+), (#\w+)\)/.exec(tokens.toString());
    expect(surface).not.toBeNull();
    electron.nativeTheme.shouldUseDarkColors = true;
    const window = open();
    expect(window.options.backgroundColor).toBe(surface?.[2]);
    electron.nativeTheme.shouldUseDarkColors = false;
    electron.nativeTheme.emit('updated');
    expect(window.backgroundColor).toBe(surface?.[1]);
    window.close();
    expect(electron.nativeTheme.listenerCount('updated')).toBe(0);
  });
});

describe('watchHealth', () => {
  const watched = () => {
    const window = open();
    watchHealth(window as never);
    return window;
  };
  const answered = () => Promise.resolve();

  it('offers to reload a page whose process is gone, and does', async () => {
    const window = watched();
    electron.dialog.answer = 0;
    window.webContents.emit('render-process-gone', {}, { reason: 'oom' });
    await vi.waitFor(() => {
      expect(window.webContents.reloads).toBe(1);
    });
    expect(electron.dialog.shown[0]?.detail).toContain('(oom)');
  });

  it('leaves it where the user does not want that', async () => {
    const window = watched();
    electron.dialog.answer = 1;
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    window.emit('unresponsive');
    await answered();
    expect(window.webContents.reloads).toBe(0);
    // The second question waited for nothing: one is asked at a time.
    expect(electron.dialog.shown).toHaveLength(1);
  });

  it('says nothing of a process that ended as it should', async () => {
    watched().webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    await answered();
    expect(electron.dialog.shown).toEqual([]);
  });

  it('offers to wait for a page that does not answer, and waits by default', async () => {
    const window = watched();
    electron.dialog.answer = 0;
    window.emit('unresponsive');
    await vi.waitFor(() => {
      expect(window.webContents.reloads).toBe(1);
    });
    const [question] = electron.dialog.shown;
    expect(question?.buttons?.[question.defaultId ?? -1]).toBe('Wait');
  });
});
