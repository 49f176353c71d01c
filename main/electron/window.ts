/** The window: one page of the app's own origin, in a sandboxed renderer without Node. */
import {
  BrowserWindow,
  nativeTheme,
  screen,
  type BrowserWindowConstructorOptions,
  type WebPreferences,
} from 'electron';
import { appPageUrl } from './app-origin.ts';
import {
  fitToDisplays,
  minWindowSize,
  readWindowState,
  writeWindowState,
  type WindowState,
} from './window-state.ts';

/** What a window depends on. */
export interface WindowOptions {
  /** The bundled preload script. */
  readonly preloadFile: string;
  /** File that remembers where the window was. */
  readonly stateFile: string;
  /** PNG for the task bar, where the desktop does not take it from the desktop entry. */
  readonly iconFile?: string;
  readonly development: boolean;
}

/** The page's own background (renderer/ui/tokens.css), so that nothing flashes before it is drawn. */
const background = { light: '#ffffff', dark: '#121417' } as const;

/** Electron's checklist, spelled out even where it is the default: a default may change. */
export function buildWebPreferences(
  options: Pick<WindowOptions, 'preloadFile' | 'development'>,
): WebPreferences {
  return {
    preload: options.preloadFile,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    disableDialogs: true,
    spellcheck: false,
    devTools: options.development,
  };
}

/** Opens the window where it was; it appears when its page is drawn. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const state = fitToDisplays(readWindowState(options.stateFile), workAreas);
  const window = new BrowserWindow(buildWindowOptions(options, state));
  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize();
    window.show();
  });
  followTheme(window);
  window.on('close', () => {
    writeWindowState(options.stateFile, captureState(window));
  });
  void window.loadURL(appPageUrl);
  return window;
}

function buildWindowOptions(
  options: WindowOptions,
  state: WindowState,
): BrowserWindowConstructorOptions {
  const { x, y, width, height } = state.bounds;
  return {
    ...(x === undefined || y === undefined ? {} : { x, y }),
    width,
    height,
    minWidth: minWindowSize.width,
    minHeight: minWindowSize.height,
    title: 'Skerry',
    show: false,
    backgroundColor: themeBackground(),
    ...(options.iconFile === undefined ? {} : { icon: options.iconFile }),
    webPreferences: buildWebPreferences(options),
  };
}

function themeBackground(): string {
  return nativeTheme.shouldUseDarkColors ? background.dark : background.light;
}

function followTheme(window: BrowserWindow): void {
  const update = (): void => {
    window.setBackgroundColor(themeBackground());
  };
  nativeTheme.on('updated', update);
  window.once('closed', () => {
    nativeTheme.off('updated', update);
  });
}

function captureState(window: BrowserWindow): WindowState {
  const { x, y, width, height } = window.getNormalBounds();
  return {
    version: 1,
    bounds: {
      x,
      y,
      width: Math.max(width, minWindowSize.width),
      height: Math.max(height, minWindowSize.height),
    },
    maximized: window.isMaximized(),
  };
}
