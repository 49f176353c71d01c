/** The menu: the system's standard roles, and the product's own commands with their keys. */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from './channels.ts';
import { say } from './desktop-words.ts';

/** What the menu depends on. */
export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly development: boolean;
  /** Passes a command to the page of the focused window. */
  readonly send: (command: MenuCommand) => void;
  /** Loads the page of the focused window again. */
  readonly reload: () => void;
}

/** The whole menu, for `Menu.buildFromTemplate`, in the language of now. */
export function buildMenu(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin';
  return [
    ...(mac ? [appMenu()] : []),
    fileMenu(options, mac),
    editMenu(),
    viewMenu(options),
    windowMenu(mac),
    helpMenu(options, mac),
  ];
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The first one of macOS, which has the name of the app. */
function appMenu(): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about', label: say('menu.about') },
      separator,
      { role: 'services', label: say('menu.services') },
      separator,
      { role: 'hide', label: say('menu.hide') },
      { role: 'hideOthers', label: say('menu.hideOthers') },
      { role: 'unhide', label: say('menu.unhide') },
      separator,
      { role: 'quit', label: say('menu.quitApp') },
    ],
  };
}

function fileMenu({ send }: MenuOptions, mac: boolean): MenuItemConstructorOptions {
  return {
    label: say('menu.file'),
    submenu: [
      command(say('menu.newSandbox'), 'CmdOrCtrl+N', () => {
        send('new-sandbox');
      }),
      command(say('menu.settings'), 'CmdOrCtrl+,', () => {
        send('show-settings');
      }),
      separator,
      mac ? { role: 'close', label: say('menu.close') } : { role: 'quit', label: say('menu.quit') },
    ],
  };
}

/** The roles bring their keys, and English words if they are given none. */
function editMenu(): MenuItemConstructorOptions {
  return {
    role: 'editMenu',
    label: say('menu.edit'),
    submenu: [
      { role: 'undo', label: say('menu.undo') },
      { role: 'redo', label: say('menu.redo') },
      separator,
      { role: 'cut', label: say('menu.cut') },
      { role: 'copy', label: say('menu.copy') },
      { role: 'paste', label: say('menu.paste') },
      { role: 'delete', label: say('menu.delete') },
      separator,
      { role: 'selectAll', label: say('menu.selectAll') },
    ],
  };
}

function viewMenu({ send, reload, development }: MenuOptions): MenuItemConstructorOptions {
  const developerItems: MenuItemConstructorOptions[] = [
    separator,
    { role: 'toggleDevTools', label: say('menu.developerTools') },
  ];
  return {
    label: say('menu.view'),
    submenu: [
      command(say('menu.palette'), 'CmdOrCtrl+K', () => {
        send('command-palette');
      }),
      command(say('menu.toggleTerminal'), 'Ctrl+`', () => {
        send('toggle-terminal');
      }),
      command(say('menu.host'), undefined, () => {
        send('show-host');
      }),
      separator,
      // Not the role, which comes with Ctrl+R: that is for the shell in the terminal.
      command(say('menu.reload'), undefined, reload),
      { role: 'resetZoom', label: say('menu.actualSize') },
      { role: 'zoomIn', label: say('menu.zoomIn') },
      { role: 'zoomOut', label: say('menu.zoomOut') },
      separator,
      { role: 'togglefullscreen', label: say('menu.fullScreen') },
      ...(development ? developerItems : []),
    ],
  };
}

function windowMenu(mac: boolean): MenuItemConstructorOptions {
  return {
    role: 'windowMenu',
    label: say('menu.window'),
    submenu: [
      { role: 'minimize', label: say('menu.minimize') },
      ...(mac
        ? [
            { role: 'zoom' as const, label: say('menu.zoom') },
            separator,
            { role: 'front' as const, label: say('menu.front') },
          ]
        : [{ role: 'close' as const, label: say('menu.close') }]),
    ],
  };
}

function helpMenu({ send }: MenuOptions, mac: boolean): MenuItemConstructorOptions {
  const shortcuts = command(say('menu.shortcuts'), undefined, () => {
    send('show-shortcuts');
  });
  const about: MenuItemConstructorOptions = { role: 'about', label: say('menu.about') };
  return {
    role: 'help',
    label: say('menu.help'),
    submenu: mac ? [shortcuts] : [shortcuts, about],
  };
}

function command(
  label: string,
  accelerator: string | undefined,
  click: () => void,
): MenuItemConstructorOptions {
  return { label, click, ...(accelerator === undefined ? {} : { accelerator }) };
}
