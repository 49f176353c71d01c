import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRouter } from '../api/router.ts';
import { silentLogger } from '../engine/index.ts';
import { speakOnDesktop } from './desktop-words.ts';
import { startDesktop, type DesktopOptions } from './desktop.ts';
import { createEngineHost } from './engine-host.ts';
import { createEchoEngine, type EchoEngine } from './testing/echo-engine.ts';
import * as electron from './testing/fake-electron.ts';
import { FakePage } from './testing/fake-page.ts';
import { FakeBrowserWindow } from './testing/fake-window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

let dir: string;
let engine: EchoEngine;

beforeEach(() => {
  electron.resetElectron();
  speakOnDesktop('en');
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-desktop-'));
  electron.app.paths = { userData: dir };
  engine = createEchoEngine();
});
afterEach(() => {
  vi.unstubAllGlobals();
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
  rmSync(dir, { recursive: true });
});

const start = (options: Partial<DesktopOptions> = {}) =>
  startDesktop({
    rendererDir: dir,
    preloadFile: '/app/preload.cjs',
    openHost: () => {
      const served = {
        engine,
        router: createRouter(engine, silentLogger),
        close: () => engine.close(),
      };
      return Promise.resolve(createEngineHost(served, silentLogger));
    },
    logger: silentLogger,
    ...options,
  });

const onlyWindow = () => {
  expect(FakeBrowserWindow.all).toHaveLength(1);
  return FakeBrowserWindow.all[0] as FakeBrowserWindow;
};

describe('startDesktop', () => {
  it('sandboxes every renderer and guards the session, its pages and the scheme', async () => {
    await start();
    expect(electron.app.sandboxEnabled).toBe(true);
    expect(electron.protocol.schemes.map(({ scheme }) => scheme)).toEqual(['app']);
    expect([...electron.protocol.responders.keys()]).toEqual(['app']);
    const { defaultSession } = electron.session;
    expect(defaultSession.permissionRequest).toBeDefined();
    expect(defaultSession.permissionCheck).toBeDefined();
    expect(defaultSession.devicePermission).toBeDefined();
    expect(defaultSession.beforeRequest).toBeDefined();
    const { webContents } = onlyWindow();
    expect(webContents.windowOpenHandler({ url: 'x:y' })).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-attach-webview']) {
      expect(webContents.listenerCount(name), name).toBe(1);
    }
    expect(electron.app.listenerCount('certificate-error')).toBe(1);
  });

  it('offers no developer tools in a packaged app', async () => {
    await start();
    expect(onlyWindow().options.webPreferences?.devTools).toBe(false);
  });

  it('serves its window from the engine', async () => {
    await start();
    const page = new FakePage(onlyWindow().webContents.mainFrame);
    vi.stubGlobal('window', page);
    vi.resetModules();
    await import('./preload.ts');
    const client = await page.client();
    expect((await client.host.report()).version).toBe('0.0.0-test');
    page.close();
  });

  it('opens a window that can show why there is no engine, and goes on', async () => {
    await start({ openHost: () => Promise.reject(new Error('locked')) });
    expect(onlyWindow().webContents.mainFrame.url).toBe('app://skerry/');
    expect([electron.app.exitCode, electron.app.quitRequests]).toEqual([undefined, 0]);
  });

  it('leaves at once where another instance runs, without touching the engine', async () => {
    electron.app.hasLock = false;
    const openHost = vi.fn();
    await start({ openHost });
    expect(electron.app.exitCode).toBe(0);
    expect(FakeBrowserWindow.all).toEqual([]);
    expect(openHost).not.toHaveBeenCalled();
  });

  it('shows its window when it is started a second time', async () => {
    await start();
    const window = onlyWindow();
    window.minimized = true;
    electron.app.emit('second-instance');
    expect([onlyWindow().minimized, window.visible, window.focused]).toEqual([false, true, true]);
  });

  it('opens a window again when the last one was closed and the app is asked for', async () => {
    await start();
    onlyWindow().close();
    electron.app.emit('activate');
    expect(FakeBrowserWindow.all).toHaveLength(2);
  });

  it('quits with its last window, and lets go of the engine', async () => {
    await start();
    onlyWindow().close();
    electron.app.emit('window-all-closed');
    await vi.waitFor(() => {
      expect([electron.app.ended, engine.closed]).toEqual([true, true]);
    });
  });

  it("passes the menu's commands to the page", async () => {
    await start();
    const heard = vi.fn();
    onlyWindow().webContents.mainFrame.onMessage = heard;
    const file = electron.Menu.template?.[0]?.submenu as MenuItemConstructorOptions[];
    (file[0]?.click as () => void)();
    expect(heard).toHaveBeenCalledWith('skerry:command', 'new-sandbox', []);
  });

  it('tells a page that is still loading when it is there', async () => {
    await start();
    const { webContents } = onlyWindow();
    const heard = vi.fn();
    webContents.mainFrame.onMessage = heard;
    webContents.loading = true;
    const file = electron.Menu.template?.[0]?.submenu as MenuItemConstructorOptions[];
    (file[0]?.click as () => void)();
    expect(heard).not.toHaveBeenCalled();
    webContents.emit('did-finish-load');
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('has a tray that leads back to its window', async () => {
    await start({ trayIconDir: '/app' });
    const window = onlyWindow();
    window.minimized = true;
    const [tray] = electron.FakeTray.all;
    const item = (label: string) => tray?.menu.find((one) => one.label === label);
    (item('Show window')?.click as () => void)();
    expect([window.minimized, window.focused]).toEqual([false, true]);
    (item('Quit')?.click as () => void)();
    expect(electron.app.quitRequests).toBe(1);
  });

  describe('once its page has told the settings', () => {
    /** Starts with a tray and a page that tells what a page may tell. */
    const withPage = async () => {
      await start({ trayIconDir: '/app' });
      const window = onlyWindow();
      const page = new FakePage(window.webContents.mainFrame);
      vi.stubGlobal('window', page);
      vi.resetModules();
      await import('./preload.ts');
      return { window, page };
    };
    const fileLabel = () => electron.Menu.template?.[0]?.label;

    it('speaks its language in the menu and the tray, also at the next start', async () => {
      const { page } = await withPage();
      expect(fileLabel()).toBe('&File');
      page.skerry.setPreferences({ language: 'de', whenClosed: 'quit' });
      expect(fileLabel()).toBe('&Datei');
      expect(electron.FakeTray.all[0]?.toolTip).toBe('Keine Sandbox läuft');
      electron.resetElectron();
      electron.app.paths = { userData: dir };
      await start();
      expect(fileLabel()).toBe('&Datei');
    });

    it('takes nothing that makes no sense', async () => {
      const { page } = await withPage();
      page.skerry.setPreferences({ language: 'fr', whenClosed: 'quit' });
      page.skerry.setPreferences({ language: 'de', whenClosed: 'quit', more: 1 });
      page.skerry.setPreferences(undefined);
      expect(fileLabel()).toBe('&File');
    });

    it('goes on in the tray without its window, says so once, and comes back', async () => {
      const { window, page } = await withPage();
      page.skerry.setPreferences({ language: 'en', whenClosed: 'tray' });
      window.show();
      window.close();
      expect([window.destroyed, window.visible]).toEqual([false, false]);
      expect(electron.FakeNotification.shown.map(({ title }) => title)).toEqual([
        'Skerry goes on in the tray',
      ]);
      page.skerry.showWindow();
      expect(window.visible).toBe(true);
      window.close();
      expect(electron.FakeNotification.shown).toHaveLength(1);
      expect(electron.app.quitRequests).toBe(0);
    });

    it('lets its window close when it quits', async () => {
      const { window, page } = await withPage();
      page.skerry.setPreferences({ language: 'en', whenClosed: 'tray' });
      electron.app.quit();
      await vi.waitFor(() => {
        expect(electron.app.ended).toBe(true);
      });
      window.close();
      expect(window.destroyed).toBe(true);
    });

    it('closes its window where there is no tray to come back from', async () => {
      electron.FakeTray.missing = true;
      const { window, page } = await withPage();
      page.skerry.setPreferences({ language: 'en', whenClosed: 'tray' });
      window.close();
      expect(window.destroyed).toBe(true);
    });
  });

  it("asks before a page's link is opened", async () => {
    await start();
    electron.dialog.answer = 0;
    onlyWindow().webContents.windowOpenHandler({ url: 'https://example.org/' });
    await vi.waitFor(() => {
      expect(electron.shell.opened).toEqual(['https://example.org/']);
    });
    expect(electron.dialog.shown).toHaveLength(1);
  });
});
