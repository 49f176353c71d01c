import type { MenuItemConstructorOptions } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../contract/sandbox.ts';
import { silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { createRouter } from '../api/router.ts';
import { speakOnDesktop } from './desktop-words.ts';
import { createEngineHost } from './engine-host.ts';
import { HostKeeper } from './host-keeper.ts';
import * as electron from './testing/fake-electron.ts';
import { openTray, type TrayOptions } from './tray.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

beforeEach(() => {
  electron.resetElectron();
});

const engineHost = (engine: FakeEngine) =>
  createEngineHost(
    { engine, router: createRouter(engine, silentLogger), close: () => engine.close() },
    silentLogger,
  );

/** A tray over an engine in which these sandboxes run. */
async function open(names: readonly string[], options: Partial<TrayOptions> = {}) {
  const engine = new FakeEngine();
  for (const name of names) await run(engine, name);
  const hosts = new HostKeeper(() => Promise.resolve(engineHost(engine)), silentLogger);
  const actions = { send: vi.fn(), showWindow: vi.fn(), quit: vi.fn() };
  const shown = openTray({
    ...{ iconDir: '/app', platform: 'linux', hosts, logger: silentLogger },
    ...actions,
    ...options,
  });
  await hosts.get();
  return { engine, hosts, ...actions, shown, tray: onlyTray() };
}

async function run(engine: FakeEngine, name: string): Promise<void> {
  const { id } = await engine.sandboxes.create({ name, image: 'skerry/starter' });
  await engine.operations.wait(id);
}

function onlyTray(): electron.FakeTray {
  expect(electron.FakeTray.all).toHaveLength(1);
  return electron.FakeTray.all[0] as electron.FakeTray;
}

const labels = ({ menu }: electron.FakeTray) => menu.flatMap(({ label }) => label ?? []);

function press(menu: readonly MenuItemConstructorOptions[], ...path: string[]): void {
  const [label, ...rest] = path;
  const item = menu.find((one) => one.label === label);
  if (rest.length > 0) press(item?.submenu as MenuItemConstructorOptions[], ...rest);
  else (item?.click as () => void)();
}

describe('the tray', () => {
  it('lists what runs, by name, and follows it', async () => {
    const { tray, engine } = await open(['web', 'api']);
    const rest = ['New sandbox', 'Show window', 'Quit'];
    expect(labels(tray)).toEqual(['2 sandboxes run', 'api', 'web', ...rest]);
    expect(tray.toolTip).toBe('2 sandboxes run');
    await engine.sandboxes.stop('web');
    expect(labels(tray)).toEqual(['One sandbox runs', 'api', ...rest]);
    await engine.sandboxes.remove('api', { force: true });
    expect(labels(tray)).toEqual(['No sandbox runs', ...rest]);
  });

  it('leaves its menu alone while nothing of it changes', async () => {
    const { tray, engine } = await open(['web']);
    const { menuChanges } = tray;
    engine.emit({ type: 'images', images: [] });
    engine.emit({ type: 'sandbox', sandbox: engine.sandboxes.inspect('web') });
    expect(tray.menuChanges).toBe(menuChanges);
  });

  it('says everything anew in another language', async () => {
    const { tray, shown } = await open(['web', 'api']);
    speakOnDesktop('de');
    shown?.refresh();
    speakOnDesktop('en');
    const rest = ['Neue Sandbox', 'Fenster zeigen', 'Beenden'];
    expect(labels(tray)).toEqual(['2 Sandboxes laufen', 'api', 'web', ...rest]);
    expect(tray.toolTip).toBe('2 Sandboxes laufen');
  });

  it('does what its entries say', async () => {
    const { tray, engine, send, showWindow, quit } = await open(['web']);
    press(tray.menu, 'web', 'Open terminal');
    press(tray.menu, 'web', 'Open');
    press(tray.menu, 'New sandbox');
    expect(send.mock.calls.flat()).toEqual([
      'open-terminal web',
      'open-sandbox web',
      'new-sandbox',
    ]);
    press(tray.menu, 'Show window');
    tray.emit('click');
    expect(showWindow).toHaveBeenCalledTimes(2);
    press(tray.menu, 'Quit');
    expect(quit).toHaveBeenCalledTimes(1);
    press(tray.menu, 'web', 'Stop');
    await vi.waitFor(() => {
      expect(engine.sandboxes.inspect('web').state).toBe('stopped');
    });
  });

  it('leads to a sandbox that it could not stop', async () => {
    const stopSandbox = () => Promise.reject(new Error('It does not stop.'));
    const running = { id: '1', name: 'web', state: 'running' } as Sandbox;
    const { send } = await open([], {
      hosts: {
        stopSandbox,
        watchSandboxes: (listener) => {
          listener([running]);
        },
      },
    });
    press(onlyTray().menu, 'web', 'Stop');
    await vi.waitFor(() => {
      expect(send).toHaveBeenCalledWith('open-sandbox web');
    });
  });

  it('lists no more than fit a screen', async () => {
    const names = Array.from({ length: 18 }, (_, index) => `box-${String(index + 10)}`);
    const { tray } = await open(names);
    expect(labels(tray).slice(14, 18)).toEqual(['box-23', 'box-24', '3 more…', 'New sandbox']);
  });

  it('is a template on macOS, where a click opens the menu', async () => {
    const { tray } = await open([], { platform: 'darwin' });
    expect(tray.icon).toBe('/app/trayTemplate.png');
    expect(tray.listenerCount('click')).toBe(0);
  });

  it('is not missed where a desktop has none', () => {
    electron.FakeTray.missing = true;
    const hosts = new HostKeeper(() => Promise.reject(new Error('unused')), silentLogger);
    const actions = { send: vi.fn(), showWindow: vi.fn(), quit: vi.fn() };
    const options = { iconDir: '/app', platform: 'linux' as const, hosts, logger: silentLogger };
    expect(openTray({ ...options, ...actions })).toBeUndefined();
    expect(electron.FakeTray.all).toEqual([]);
  });

  it('follows the host that takes the place of another', async () => {
    const first = new FakeEngine();
    await run(first, 'old');
    const second = new FakeEngine();
    await run(second, 'new');
    let isEnded = false;
    const firstHost = engineHost(first);
    const endable = Object.defineProperty({ ...firstHost }, 'ended', { get: () => isEnded });
    const opened = [endable, engineHost(second)];
    const hosts = new HostKeeper(() => Promise.resolve(opened.shift() ?? firstHost), silentLogger);
    const actions = { send: vi.fn(), showWindow: vi.fn(), quit: vi.fn() };
    openTray({ iconDir: '/app', platform: 'linux', hosts, logger: silentLogger, ...actions });
    await hosts.get();
    expect(labels(onlyTray())[1]).toBe('old');
    isEnded = true;
    await hosts.get();
    expect(labels(onlyTray())[1]).toBe('new');
    expect(first.subscriptions).toBe(0);
    await hosts.close();
    expect(second.subscriptions).toBe(0);
  });
});
