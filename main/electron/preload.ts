/**
 * Runs in the window's isolated world: gives the page two requests for a MessagePort, one for
 * a path that the user chooses, a way to tell its settings and to be shown, and nothing of Electron. The answers and the menu's commands come
 * to the page as window messages.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { channels } from './channels.ts';

declare const window: {
  postMessage(message: unknown, targetOrigin: string, transfer?: IpcRendererEvent['ports']): void;
};

contextBridge.exposeInMainWorld('skerry', {
  kind: 'electron',
  requestRpcPort: (requestId: string): void => {
    ipcRenderer.send(channels.requestRpcPort, requestId);
  },
  requestSessionPort: (requestId: string, sessionId: string): void => {
    ipcRenderer.send(channels.requestSessionPort, requestId, sessionId);
  },
  choosePath: (requestId: string, kind: string): void => {
    ipcRenderer.send(channels.choosePath, requestId, kind);
  },
  setPreferences: (preferences: unknown): void => {
    ipcRenderer.send(channels.preferences, preferences);
  },
  showWindow: (): void => {
    ipcRenderer.send(channels.showWindow);
  },
});

// A MessagePort cannot pass the context bridge; window messages are Electron's way to hand it on.
for (const channel of [channels.rpcPort, channels.sessionPort]) {
  ipcRenderer.on(channel, (event, requestId: unknown) => {
    window.postMessage({ type: channel, requestId }, '*', event.ports);
  });
}

ipcRenderer.on(channels.chosenPath, (_event, answer: { requestId: string; path?: string }) => {
  window.postMessage({ type: channels.chosenPath, ...answer }, '*');
});

ipcRenderer.on(channels.command, (_event, command: unknown) => {
  window.postMessage({ type: channels.command, command }, '*');
});
