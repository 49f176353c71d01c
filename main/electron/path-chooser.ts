/** The desktop's own dialog for a file or directory of the host, asked for by the page. */
import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import { channels, isId } from './channels.ts';
import { onTrustedMessage } from './ipc-guard.ts';

/** What a dialog offers. Where a desktop cannot offer both, `any` is directories (Electron). */
const properties: Record<string, NonNullable<OpenDialogOptions['properties']>> = {
  directory: ['openDirectory'],
  file: ['openFile'],
  any: ['openFile', 'openDirectory'],
};

/**
 * Answers the page's requests with the path that the user chose, or without one: the dialog was
 * cancelled, there is no window for it, or another one is open. A malformed request is dropped.
 */
export function offerPathChooser(findWindow: () => BrowserWindow | undefined): void {
  let isOpen = false;
  onTrustedMessage(channels.choosePath, (event, requestId, kind) => {
    if (!isId(requestId) || typeof kind !== 'string' || !Object.hasOwn(properties, kind)) return;
    // The frame that asked, not whatever the window shows when the user has chosen.
    const frame = event.senderFrame;
    const answer = (path?: string) => {
      if (frame?.detached === false) frame.postMessage(channels.chosenPath, { requestId, path });
    };
    const window = findWindow();
    if (isOpen || window === undefined) {
      answer();
      return;
    }
    isOpen = true;
    dialog
      .showOpenDialog(window, { properties: [...(properties[kind] ?? []), 'showHiddenFiles'] })
      .then(
        ({ filePaths }) => {
          answer(filePaths[0]);
        },
        () => {
          answer();
        },
      )
      .finally(() => {
        isOpen = false;
      });
  });
}
