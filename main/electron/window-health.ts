/** Offers to load a page again when its renderer process died or does not answer. */
import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

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
    void offerReload(unresponsiveMessage);
  });
}

const goneMessage = (reason: string): MessageBoxOptions => ({
  type: 'error',
  message: 'The window stopped working.',
  detail: `Its process ended (${reason}). Sandboxes and their terminals go on.`,
  buttons: ['Reload', 'Leave it'],
  defaultId: 0,
  cancelId: 1,
});

const unresponsiveMessage: MessageBoxOptions = {
  type: 'warning',
  message: 'The window does not answer.',
  detail: 'Sandboxes and their terminals go on, whether or not you reload.',
  buttons: ['Reload', 'Wait'],
  defaultId: 1,
  cancelId: 1,
};
