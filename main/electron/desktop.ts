/** The desktop app from start to quit: one instance, one window, one host. */
import path from 'node:path';
import { app, Menu, protocol, session, type BrowserWindow, type WebContents } from 'electron';
import type { Logger } from '../engine/index.ts';
import { registerAppScheme, serveAppScheme } from './app-protocol.ts';
import { channels, type MenuCommand } from './channels.ts';
import { guardContents } from './contents-guard.ts';
import { ExternalLinks } from './external-link.ts';
import { speakOnDesktop } from './desktop-words.ts';
import { HostKeeper, type OpenHost } from './host-keeper.ts';
import { buildMenu } from './menu.ts';
import { onTrustedMessage } from './ipc-guard.ts';
import { offerPathChooser } from './path-chooser.ts';
import { brokerPorts } from './port-broker.ts';
import { followPreferences, readPreferences, type DesktopPreferences } from './preferences.ts';
import { sequenceQuit, type QuitSequence } from './quit-sequence.ts';
import { guardSession } from './session-guard.ts';
import { SaidOnce } from './small-file.ts';
import { openTray, type ShownTray } from './tray.ts';
import { watchClosing } from './window-closing.ts';
import { watchHealth } from './window-health.ts';
import { openWindow } from './window.ts';

/** What the app is made from. */
export interface DesktopOptions {
  /** Folder of the built renderer. */
  readonly rendererDir: string;
  /** The bundled preload script. */
  readonly preloadFile: string;
  readonly iconFile?: string;
  /** Folder of the tray's icons; without it there is no tray. */
  readonly trayIconDir?: string;
  readonly openHost: OpenHost;
  readonly logger: Logger;
}

/**
 * Starts the app. Must be called before Electron is ready. Resolves when the window is open, or
 * when another instance that runs already was asked to show its own.
 */
export async function startDesktop(options: DesktopOptions): Promise<void> {
  app.enableSandbox();
  registerAppScheme();
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const desktop = new Desktop(options);
  desktop.follow();
  await app.whenReady();
  desktop.open();
}

class Desktop {
  readonly #options: DesktopOptions;
  readonly #hosts: HostKeeper;
  readonly #links = new ExternalLinks();
  #window: BrowserWindow | undefined;
  #tray: ShownTray | undefined;
  #quitting: QuitSequence | undefined;
  #preferences: DesktopPreferences | undefined;

  constructor(options: DesktopOptions) {
    this.#options = options;
    this.#hosts = new HostKeeper(options.openHost, options.logger);
  }

  /** Everything that must listen before the app is ready. */
  follow(): void {
    guardContents((url, contents) => {
      this.#openLink(url, contents);
    });
    app.on('second-instance', () => {
      this.#focus();
    });
    app.on('activate', () => {
      this.#focus();
    });
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    const quitting = sequenceQuit({
      hosts: this.#hosts,
      told: new SaidOnce(profileFile('told-that-sandboxes-go-on')),
      logger: this.#options.logger,
    });
    this.#quitting = quitting;
    process.once('SIGTERM', quitting.quitQuietly);
    process.once('SIGINT', quitting.quitQuietly);
  }

  /** Opens the first window; the engine opens beside it. */
  open(): void {
    const development = !app.isPackaged;
    guardSession(session.defaultSession, { development });
    serveAppScheme(protocol, this.#options.rendererDir);
    brokerPorts(this.#hosts);
    offerPathChooser(() => this.#window);
    app.setAboutPanelOptions({
      applicationName: 'Skerry',
      applicationVersion: app.getVersion(),
      copyright: 'Apache-2.0',
      ...(this.#options.iconFile === undefined ? {} : { iconPath: this.#options.iconFile }),
    });
    const file = profileFile('preferences.json');
    this.#follow(readPreferences(file));
    followPreferences(file, (preferences) => {
      this.#follow(preferences);
    });
    onTrustedMessage(channels.showWindow, () => {
      this.#focus();
    });
    void this.#hosts.get();
    this.#focus();
    this.#tray = this.#openTray();
  }

  /** The menus are made of words, and so made anew. */
  #follow(preferences: DesktopPreferences): void {
    const isSpoken = preferences.language === this.#preferences?.language;
    this.#preferences = preferences;
    if (isSpoken) return;
    speakOnDesktop(preferences.language);
    this.#setMenu();
    this.#tray?.refresh();
  }

  #setMenu(): void {
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(
        buildMenu({
          platform: process.platform,
          development: !app.isPackaged,
          send: (command) => {
            this.#send(command);
          },
          reload: () => {
            this.#window?.webContents.reload();
          },
        }),
      ),
    );
  }

  /** macOS has windows come and go of itself; elsewhere the user chooses, where there is a tray. */
  #staysOpen(): boolean {
    if (process.platform === 'darwin' || this.#quitting?.isUnderWay === true) return false;
    return this.#preferences?.whenClosed === 'tray' && this.#tray !== undefined;
  }

  #openTray(): ShownTray | undefined {
    const { trayIconDir, logger } = this.#options;
    if (trayIconDir === undefined) return undefined;
    return openTray({
      iconDir: trayIconDir,
      platform: process.platform,
      hosts: this.#hosts,
      logger,
      send: (command) => {
        this.#focus();
        this.#send(command);
      },
      showWindow: () => {
        this.#focus();
      },
      quit: () => {
        app.quit();
      },
    });
  }

  #focus(): void {
    if (!app.isReady()) return;
    const window = this.#window;
    if (window === undefined || window.isDestroyed()) {
      this.#openWindow();
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  #openWindow(): void {
    const { preloadFile, iconFile } = this.#options;
    const window = openWindow({
      preloadFile,
      stateFile: profileFile('window.json'),
      development: !app.isPackaged,
      ...(iconFile === undefined ? {} : { iconFile }),
    });
    watchHealth(window);
    watchClosing(window, {
      staysOpen: () => this.#staysOpen(),
      told: new SaidOnce(profileFile('told-that-it-is-in-the-tray')),
    });
    window.once('closed', () => {
      if (this.#window === window) this.#window = undefined;
    });
    this.#window = window;
  }

  /** A command needs a page; a page that is still loading hears it when it is there. */
  #send(command: MenuCommand): void {
    if (this.#window === undefined) this.#focus();
    const contents = this.#window?.webContents;
    if (contents === undefined) return;
    const send = (): void => {
      contents.send(channels.command, command);
    };
    if (contents.isLoadingMainFrame()) contents.once('did-finish-load', send);
    else send();
  }

  #openLink(url: string, contents: WebContents): void {
    const window = this.#window;
    if (window?.webContents !== contents) return;
    this.#links.open(url, window).catch((error: unknown) => {
      this.#options.logger.error('A link was not opened', { error: String(error) });
    });
  }
}

function profileFile(name: string): string {
  return path.join(app.getPath('userData'), name);
}
