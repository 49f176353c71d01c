import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { speakOnDesktop } from './desktop-words.ts';
import { buildMenu, type MenuOptions } from './menu.ts';

const build = (options: Partial<MenuOptions> = {}) =>
  buildMenu({
    platform: 'linux',
    development: false,
    send: () => undefined,
    reload: () => undefined,
    ...options,
  });

function itemsOf(menu: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [
    item,
    ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : []),
  ]);
}

afterEach(() => {
  speakOnDesktop('en');
});

describe('buildMenu', () => {
  it('has words of its own for everything, in German too', () => {
    const labels = (platform: NodeJS.Platform) =>
      itemsOf(build({ platform, development: true }))
        .filter(({ type, role }) => type !== 'separator' && role !== 'appMenu')
        .map(({ label }) => label ?? '');
    for (const platform of ['linux', 'darwin'] as const) {
      const english = labels(platform);
      speakOnDesktop('de');
      const german = labels(platform);
      speakOnDesktop('en');
      const same = german.filter((label, index) => label === english[index]);
      expect([same, german.includes('')]).toEqual([['Host'], false]);
    }
  });

  it('gives every command of the product its key', () => {
    const send = vi.fn();
    const reload = vi.fn();
    const pressed = itemsOf(build({ send, reload })).filter(({ click }) => click !== undefined);
    for (const { click } of pressed) (click as () => void)();
    expect(pressed.map(({ label, accelerator }) => [label, accelerator])).toEqual([
      ['New sandbox', 'CmdOrCtrl+N'],
      ['Settings', 'CmdOrCtrl+,'],
      ['Command palette', 'CmdOrCtrl+K'],
      ['Toggle terminal', 'Ctrl+`'],
      ['Host', undefined],
      ['Reload window', undefined],
      ['Keyboard shortcuts', undefined],
    ]);
    expect(send.mock.calls.flat()).toEqual([
      'new-sandbox',
      'show-settings',
      'command-palette',
      'toggle-terminal',
      'show-host',
      'show-shortcuts',
    ]);
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('has the standard roles, and About where the platform has it', () => {
    const roles = (menu: MenuItemConstructorOptions[]) => itemsOf(menu).map(({ role }) => role);
    expect(roles(build())).toEqual(
      expect.arrayContaining(['editMenu', 'windowMenu', 'quit', 'about', 'togglefullscreen']),
    );
    const mac = roles(build({ platform: 'darwin' }));
    expect(mac[0]).toBe('appMenu');
    expect(mac.filter((role) => role === 'quit')).toHaveLength(1);
    expect(mac).toEqual(expect.arrayContaining(['services', 'hide', 'unhide', 'front']));
  });

  it('has developer tools in development alone, and never a key that a shell needs', () => {
    const roles = (development: boolean) => itemsOf(build({ development })).map(({ role }) => role);
    expect(roles(true)).toContain('toggleDevTools');
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(false)).not.toContain('reload');
    expect(roles(false)).not.toContain('forceReload');
  });
});
