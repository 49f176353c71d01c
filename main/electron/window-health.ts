/** Offers to load a page again when its renderer process died or does not answer. */
import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { say } from './desktop-words.ts';

/** Watches a window until it is closed; asks one question at a time. */
export function watchHealth(window: BrowserWindow): void {
  let asking = false;
  const offerReload = async (options: MessageBoxOptions): Promise<void> => {
    if (asking || window.isDestroyed()) return;
    asking = true;
    const { response } = await dialog.showMessageBox(window, options);
    asking = false;
    if (response === 0 && !window.isDestroyed()) window.webContents.reload();
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') void offerReload(goneMessage(reason));
  });
  window.on('unresponsive', () => {
    void offerReload(unresponsiveMessage());
  });
}

const goneMessage = (reason: string): MessageBoxOptions => ({
  type: 'error',
  message: say('health.gone'),
  detail: say('health.goneDetail', { reason }),
  buttons: [say('health.reload'), say('health.leave')],
  defaultId: 0,
  cancelId: 1,
});

const unresponsiveMessage = (): MessageBoxOptions => ({
  type: 'warning',
  message: say('health.silent'),
  detail: say('health.silentDetail'),
  buttons: [say('health.reload'), say('health.wait')],
  defaultId: 1,
  cancelId: 1,
});
