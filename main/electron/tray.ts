/** The tray: which sandboxes run, what is done to them most, and the way back to the window. */
import path from 'node:path';
import { Menu, Tray, type MenuItemConstructorOptions } from 'electron';
import type { Sandbox } from '../contract/sandbox.ts';
import type { Logger } from '../engine/index.ts';
import type { MenuCommand } from './channels.ts';
import { say } from './desktop-words.ts';
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

/** A tray that is shown. */
export interface ShownTray {
  /** Says everything anew: in another language. */
  refresh(): void;
}

/** Shows the tray from now on; undefined on a desktop without one. */
export function openTray(options: TrayOptions): ShownTray | undefined {
  const { hosts, logger, platform, iconDir, send, showWindow, quit } = options;
  // macOS takes a template's shape alone and colours it as the menu bar is.
  const icon = platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
  let tray: Tray;
  try {
    tray = new Tray(path.join(iconDir, icon));
  } catch (error) {
    logger.warn('There is no tray', { error: String(error) });
    return undefined;
  }
  const stop = (name: string): void => {
    hosts.stopSandbox(name).catch((error: unknown) => {
      logger.error('A sandbox was not stopped from the tray', { name, error: String(error) });
      send(`open-sandbox ${name}`);
    });
  };
  let running: readonly string[] | undefined;
  const refresh = (): void => {
    const names = running ?? [];
    tray.setToolTip(describeRunning(names.length));
    const template = buildTrayMenu(names, { send, showWindow, stop, quit });
    tray.setContextMenu(Menu.buildFromTemplate(template));
  };
  const update = (sandboxes: readonly Sandbox[]): void => {
    const names = runningNames(sandboxes);
    // Desktops close a menu that is replaced while it is open.
    if (names.join(' ') === running?.join(' ')) return;
    running = names;
    refresh();
  };
  update([]);
  // macOS opens the menu with the same click.
  if (platform !== 'darwin') tray.on('click', showWindow);
  hosts.watchSandboxes(update);
  return { refresh };
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
        label: say('tray.openTerminal'),
        click: () => {
          send(`open-terminal ${name}`);
        },
      },
      {
        label: say('tray.open'),
        click: () => {
          send(`open-sandbox ${name}`);
        },
      },
      separator,
      {
        label: say('tray.stop'),
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
    ...(others > 0 ? [{ label: say('tray.more', { count: others }), click: showWindow }] : []),
    separator,
    {
      label: say('tray.newSandbox'),
      click: () => {
        send('new-sandbox');
      },
    },
    { label: say('tray.showWindow'), click: showWindow },
    separator,
    { label: say('tray.quit'), click: quit },
  ];
}

function describeRunning(count: number): string {
  return count === 0 ? say('tray.noneRuns') : say('tray.running', { count });
}

/** In a label `&` marks the letter to press. */
function escapeLabel(text: string): string {
  return text.replaceAll('&', '&&');
}
