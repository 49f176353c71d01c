/** A window, its web contents and its frame, as far as the app uses them. */
import { EventEmitter } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import type { FakeMessagePortMain } from './fake-ports.ts';

/** What the preload script of the frame's page hears. */
export type FrameListener = (channel: string, message: unknown, ports: MessagePort[]) => void;

/** Electron's WebFrameMain. */
export class FakeFrame {
  url: string;
  origin: string;
  detached = false;
  readonly parent: FakeFrame | null;
  onMessage: FrameListener = () => undefined;

  constructor(url: string, origin: string, parent: FakeFrame | null = null) {
    this.url = url;
    this.origin = origin;
    this.parent = parent;
  }

  postMessage(channel: string, message: unknown, transfer: FakeMessagePortMain[] = []): void {
    this.onMessage(
      channel,
      message,
      transfer.map((port) => port.raw),
    );
  }
}

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

/** Electron's WebContents. */
export class FakeWebContents extends EventEmitter {
  mainFrame = new FakeFrame('about:blank', 'null');
  windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' });
  reloads = 0;
  loading = false;

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }

  isLoadingMainFrame(): boolean {
    return this.loading;
  }

  send(channel: string, message: unknown): void {
    this.mainFrame.postMessage(channel, message);
  }

  reload(): void {
    this.reloads += 1;
  }
}

/** Electron's BrowserWindow. `created` is told by the module, which owns the `app` emitter. */
export class FakeBrowserWindow extends EventEmitter {
  static readonly all: FakeBrowserWindow[] = [];
  static onContents: (contents: FakeWebContents) => void = () => undefined;

  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new FakeWebContents();
  visible = false;
  maximized = false;
  minimized = false;
  focused = false;
  destroyed = false;
  backgroundColor: string | undefined;
  bounds: Rectangle;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.backgroundColor = options.backgroundColor;
    this.visible = options.show !== false;
    const { x = 10, y = 10, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    FakeBrowserWindow.all.push(this);
    FakeBrowserWindow.onContents(this.webContents);
  }

  loadURL(url: string): Promise<void> {
    const { mainFrame } = this.webContents;
    mainFrame.url = url;
    mainFrame.origin = url.replace(/^([a-z]+:\/\/[^/]*).*$/, '$1');
    return Promise.resolve();
  }

  show(): void {
    this.visible = true;
  }
  focus(): void {
    this.focused = true;
  }
  maximize(): void {
    this.maximized = true;
  }
  restore(): void {
    this.minimized = false;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds(): Rectangle {
    return this.bounds;
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }

  hide(): void {
    this.visible = false;
  }

  close(): void {
    const event = { defaultPrevented: false, preventDefault };
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.destroyed = true;
    this.emit('closed');
  }
}

function preventDefault(this: { defaultPrevented: boolean }): void {
  this.defaultPrevented = true;
}
