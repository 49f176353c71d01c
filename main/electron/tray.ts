/** The tray: which sandboxes run, what is done to them most, and the way back to the window. */
import path from 'node:path';
import { Menu, Tray, type MenuItemConstructorOptions } from 'electron';
import type { Sandbox } from '../contract/sandbox.ts';
import type { Logger } from '../engine/index.ts';
import type { MenuCommand } from './channels.ts';
import type { HostKeeper } from './host-keeper.ts';

/** What the menu's entries do. */
export interface TrayActions {
  /** Shows the window and passes a command to its page. */
  readonly send: (command: MenuCommand) => void;
  readonly showWindow: () => void;
  readonly stop: (name: string) => void;
  readonly quit: () => void;
}

/** What the tray depends on. */
export interface TrayOptions extends Pick<TrayActions, 'send' | 'showWindow' | 'quit'> {
  /** Folder of `tray.png`, and of `trayTemplate.png` for macOS. */
  readonly iconDir: string;
  readonly platform: NodeJS.Platform;
  readonly hosts: Pick<HostKeeper, 'watchSandboxes' | 'stopSandbox'>;
  readonly logger: Logger;
}

/** Most sandboxes of the menu; the window has them all. */
const maxListed = 15;

/** Shows the tray from now on. A desktop without one goes without. */
export function openTray(options: TrayOptions): void {
  const { hosts, logger, platform, iconDir, send, showWindow, quit } = options;
  // macOS takes a template's shape alone and colours it as the menu bar is.
  const icon = platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
  let tray: Tray;
  try {
    tray = new Tray(path.join(iconDir, icon));
  } catch (error) {
    logger.warn('There is no tray', { error: String(error) });
    return;
  }
  const stop = (name: string): void => {
    hosts.stopSandbox(name).catch((error: unknown) => {
      logger.error('A sandbox was not stopped from the tray', { name, error: String(error) });
      send(`open-sandbox ${name}`);
    });
  };
  let shown: string | undefined;
  const update = (sandboxes: readonly Sandbox[]): void => {
    const running = runningNames(sandboxes);
    const key = running.join(' ');
    // Desktops close a menu that is replaced while it is open.
    if (key === shown) return;
    shown = key;
    tray.setToolTip(describeRunning(running.length));
    const template = buildTrayMenu(running, { send, showWindow, stop, quit });
    tray.setContextMenu(Menu.buildFromTemplate(template));
  };
  update([]);
  // macOS opens the menu with the same click.
  if (platform !== 'darwin') tray.on('click', showWindow);
  hosts.watchSandboxes(update);
}

/** Names of those that run, in their order. */
function runningNames(sandboxes: readonly Sandbox[]): string[] {
  const running = sandboxes.filter(({ state }) => state === 'running');
  return running.map(({ name }) => name).sort((one, other) => one.localeCompare(other));
}

/** The whole menu, for `Menu.buildFromTemplate`. */
function buildTrayMenu(
  running: readonly string[],
  { send, showWindow, stop, quit }: TrayActions,
): MenuItemConstructorOptions[] {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const listed = running.slice(0, maxListed).map((name): MenuItemConstructorOptions => ({
    label: escapeLabel(name),
    submenu: [
      {
        label: 'Open terminal',
        click: () => {
          send(`open-terminal ${name}`);
        },
      },
      {
        label: 'Open',
        click: () => {
          send(`open-sandbox ${name}`);
        },
      },
      separator,
      {
        label: 'Stop',
        click: () => {
          stop(name);
        },
      },
    ],
  }));
  const others = running.length - listed.length;
  return [
    { label: describeRunning(running.length), enabled: false },
    ...listed,
    ...(others > 0 ? [{ label: `${String(others)} more…`, click: showWindow }] : []),
    separator,
    {
      label: 'New sandbox',
      click: () => {
        send('new-sandbox');
      },
    },
    { label: 'Show window', click: showWindow },
    separator,
    { label: 'Quit', click: quit },
  ];
}

function describeRunning(count: number): string {
  if (count === 0) return 'No sandbox runs';
  return count === 1 ? 'One sandbox runs' : `${String(count)} sandboxes run`;
}

/** In a label `&` marks the letter to press. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}
