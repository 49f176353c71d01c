/** The menu: the system's standard roles, and the product's own commands with their keys. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from './channels.ts';

/** What the menu depends on. */
export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly development: boolean;
  /** Passes a command to the page of the focused window. */
  readonly send: (command: MenuCommand) => void;
  /** Loads the page of the focused window again. */
  readonly reload: () => void;
}

/** The whole menu, for `Menu.buildFromTemplate`. */
export function buildMenu(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    fileMenu(options, mac),
    { role: 'editMenu' },
    viewMenu(options),
    { role: 'windowMenu' },
    helpMenu(options, mac),
  ];
}

function fileMenu({ send }: MenuOptions, mac: boolean): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      command('New sandbox', 'CmdOrCtrl+N', () => {
        send('new-sandbox');
      }),
      command('Settings', 'CmdOrCtrl+,', () => {
        send('show-settings');
      }),
      { type: 'separator' },
      { role: mac ? 'close' : 'quit' },
    ],
  };
}

function viewMenu({ send, reload, development }: MenuOptions): MenuItemConstructorOptions {
  const developerItems: MenuItemConstructorOptions[] = [
    { type: 'separator' },
    { role: 'toggleDevTools' },
  ];
  return {
    label: '&View',
    submenu: [
      command('Command palette', 'CmdOrCtrl+K', () => {
        send('command-palette');
      }),
      command('Toggle terminal', 'Ctrl+`', () => {
        send('toggle-terminal');
      }),
      command('Host', undefined, () => {
        send('show-host');
      }),
      { type: 'separator' },
      // Not the role, which comes with Ctrl+R: that is for the shell in the terminal.
      command('Reload window', undefined, reload),
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...(development ? developerItems : []),
    ],
  };
}

function helpMenu({ send }: MenuOptions, mac: boolean): MenuItemConstructorOptions {
  const shortcuts = command('Keyboard shortcuts', undefined, () => {
    send('show-shortcuts');
  });
  return { role: 'help', submenu: mac ? [shortcuts] : [shortcuts, { role: 'about' }] };
}

function command(
  label: string,
  accelerator: string | undefined,
  click: () => void,
): MenuItemConstructorOptions {
  return { label, click, ...(accelerator === undefined ? {} : { accelerator }) };
}
