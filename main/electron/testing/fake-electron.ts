/**
 * Stands in for the `electron` module: `vi.mock('electron', () => import(…))`. It keeps what the
 * app sets and lets a test play the part of the browser. State is shared until `resetElectron`.
 */
import { EventEmitter } from 'node:events';
import type {
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
  Rectangle,
} from 'electron';
import { FakeMessageChannelMain } from './fake-ports.ts';
import { FakeBrowserWindow } from './fake-window.ts';

class FakeApp extends EventEmitter {
  isPackaged = true;
  sandboxEnabled = false;
  hasLock = true;
  ready = false;
  exitCode: number | undefined;
  quitRequests = 0;
  /** Whether a `before-quit` went by that nobody prevented. */
  ended = false;
  aboutPanel: unknown;
  paths: Record<string, string> = {};

  enableSandbox(): void {
    if (this.ready) throw new Error('app.enableSandbox() must be called before the app is ready.');
    this.sandboxEnabled = true;
  }
  requestSingleInstanceLock(): boolean {
    return this.hasLock;
  }
  whenReady(): Promise<void> {
    this.ready = true;
    return Promise.resolve();
  }
  isReady(): boolean {
    return this.ready;
  }
  systemLanguages = ['en-GB'];
  getPreferredSystemLanguages(): string[] {
    return this.systemLanguages;
  }
  getVersion(): string {
    return '0.0.0-test';
  }
  getPath(name: string): string {
    const path = this.paths[name];
    if (path === undefined) throw new Error(`The test set no path "${name}".`);
    return path;
  }
  setPath(name: string, path: string): void {
    this.paths[name] = path;
  }
  setAboutPanelOptions(options: unknown): void {
    this.aboutPanel = options;
  }
  exit(code: number): void {
    this.exitCode = code;
  }
  quit(): void {
    this.quitRequests += 1;
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    this.ended = !prevented;
  }
}

type Responder = (request: Request) => Promise<Response>;

class FakeProtocol {
  schemes: CustomScheme[] = [];
  responders = new Map<string, Responder>();
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (app.ready) throw new Error('Schemes must be registered before the app is ready.');
    this.schemes = schemes;
  }
  handle(scheme: string, responder: Responder): void {
    this.responders.set(scheme, responder);
  }
}

type Decide = (...values: unknown[]) => unknown;

/** Electron's Session. Handlers stay undefined, as there, until one is set. */
export class FakeSession extends EventEmitter {
  permissionRequest: Decide | undefined;
  permissionCheck: Decide | undefined;
  devicePermission: Decide | undefined;
  beforeRequest: Decide | undefined;
  spellChecker = true;
  readonly webRequest = {
    onBeforeRequest: (handler: Decide): void => {
      this.beforeRequest = handler;
    },
  };
  setPermissionRequestHandler(handler: Decide): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: Decide): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: Decide): void {
    this.devicePermission = handler;
  }
  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled;
  }
}

class FakeDialog {
  shown: MessageBoxOptions[] = [];
  /** Index of the button that the user presses next. */
  answer: number | Promise<number> = 0;
  async showMessageBox(...values: unknown[]): Promise<{ response: number }> {
    this.shown.push(values.at(-1) as MessageBoxOptions);
    return { response: await this.answer };
  }

  choosing: OpenDialogOptions[] = [];
  /** What the user chooses next; none is a dialog that is cancelled. */
  chosen: string[] | Promise<string[]> = [];
  async showOpenDialog(...values: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    this.choosing.push(values.at(-1) as OpenDialogOptions);
    const filePaths = await this.chosen;
    return { canceled: filePaths.length === 0, filePaths };
  }
}

class FakeMenu {
  template: MenuItemConstructorOptions[] | undefined;
  buildFromTemplate(template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
    return template;
  }
  setApplicationMenu(template: MenuItemConstructorOptions[]): void {
    this.template = template;
  }
}

/** Electron's Tray. A test sets `missing` for a desktop that has none. */
export class FakeTray extends EventEmitter {
  static readonly all: FakeTray[] = [];
  static missing = false;

  readonly icon: string;
  toolTip = '';
  menu: MenuItemConstructorOptions[] = [];
  menuChanges = 0;

  constructor(icon: string) {
    super();
    if (FakeTray.missing) throw new Error('There is no tray here.');
    this.icon = icon;
    FakeTray.all.push(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu(menu: MenuItemConstructorOptions[]): void {
    this.menu = menu;
    this.menuChanges += 1;
  }
}

/** Electron's Notification. A test sets `supported` for a desktop that shows none. */
export class FakeNotification {
  static supported = true;
  static readonly shown: { readonly title: string; readonly body: string }[] = [];

  static isSupported(): boolean {
    return FakeNotification.supported;
  }

  readonly #words: { readonly title: string; readonly body: string };
  constructor(words: { readonly title: string; readonly body: string }) {
    this.#words = words;
  }
  show(): void {
    FakeNotification.shown.push(this.#words);
  }
}

class FakeShell {
  opened: string[] = [];
  openExternal(url: string): Promise<void> {
    this.opened.push(url);
    return Promise.resolve();
  }
}

class FakeClipboard {
  text = '';
  writeText(text: string): Promise<void> {
    this.text = text;
    return Promise.resolve();
  }
}

class FakeContextBridge {
  exposed: Record<string, unknown> = {};
  exposeInMainWorld(name: string, api: unknown): void {
    this.exposed[name] = api;
  }
}

class FakeIpcRenderer extends EventEmitter {
  /** Set by a test that joins a page to `ipcMain`. */
  onSend: (channel: string, ...values: unknown[]) => void = () => undefined;
  send(channel: string, ...values: unknown[]): void {
    this.onSend(channel, ...values);
  }
}

class FakeNativeTheme extends EventEmitter {
  shouldUseDarkColors = false;
}

class FakeScreen {
  workAreas: Rectangle[] = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  getAllDisplays(): { workArea: Rectangle }[] {
    return this.workAreas.map((workArea) => ({ workArea }));
  }
}

/** Electron's safeStorage. It "encrypts" so that a test sees whether what is kept is plain. */
class FakeSafeStorage {
  backend: 'basic_text' | 'gnome_libsecret' | 'kwallet6' | 'unknown' = 'gnome_libsecret';
  available = true;
  /** The number of the key; text of another one is outdated, and of a later one not readable. */
  key = 1;

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.available);
  }
  getSelectedStorageBackend(): string {
    return this.backend;
  }
  encryptStringAsync(plainText: string): Promise<Buffer> {
    const hidden = Buffer.from(plainText).map((byte) => byte ^ 0x55);
    return Promise.resolve(Buffer.concat([Buffer.from([this.key]), hidden]));
  }
  decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    const key = encrypted[0] ?? 0;
    if (key === 0 || key > this.key) return Promise.reject(new Error('Another key is needed.'));
    const plain = Buffer.from(encrypted.subarray(1)).map((byte) => byte ^ 0x55);
    const result = Buffer.from(plain).toString('utf8');
    return Promise.resolve({ shouldReEncrypt: key !== this.key, result });
  }
}

export let app = new FakeApp();
export let protocol = new FakeProtocol();
export let session = { defaultSession: new FakeSession() };
export let dialog = new FakeDialog();
export let shell = new FakeShell();
export let clipboard = new FakeClipboard();
export let contextBridge = new FakeContextBridge();
export let ipcMain = new EventEmitter();
export let ipcRenderer = new FakeIpcRenderer();
export let nativeTheme = new FakeNativeTheme();
export let screen = new FakeScreen();
export let Menu = new FakeMenu();
export let safeStorage = new FakeSafeStorage();
export const BrowserWindow = FakeBrowserWindow;
export const Tray = FakeTray;
export const Notification = FakeNotification;
export const MessageChannelMain = FakeMessageChannelMain;

FakeBrowserWindow.onContents = (contents) => {
  app.emit('web-contents-created', {}, contents);
};

/** Forgets everything; for `beforeEach`. */
export function resetElectron(): void {
  app = new FakeApp();
  protocol = new FakeProtocol();
  session = { defaultSession: new FakeSession() };
  dialog = new FakeDialog();
  shell = new FakeShell();
  clipboard = new FakeClipboard();
  contextBridge = new FakeContextBridge();
  ipcMain = new EventEmitter();
  ipcRenderer = new FakeIpcRenderer();
  nativeTheme = new FakeNativeTheme();
  screen = new FakeScreen();
  Menu = new FakeMenu();
  safeStorage = new FakeSafeStorage();
  FakeBrowserWindow.all.length = 0;
  FakeTray.all.length = 0;
  FakeTray.missing = false;
  FakeNotification.shown.length = 0;
  FakeNotification.supported = true;
}
