/** The only way in this program to listen to a page: who sent a message is looked at first. */
import { ipcMain, type IpcMainEvent } from 'electron';
import { isAppUrl } from './app-origin.ts';

/**
 * Listens on a channel. A message is dropped unless it comes from the main frame of a page of the
 * app's own origin; a frame that is gone already, or has no origin, is not.
 */
export function onTrustedMessage(
  channel: string,
  listener: (event: IpcMainEvent, ...values: unknown[]) => void,
): void {
  ipcMain.on(channel, (event, ...values: unknown[]) => {
    if (isTrustedSender(event)) listener(event, ...values);
  });
}

function isTrustedSender({ senderFrame }: IpcMainEvent): boolean {
  return (
    senderFrame !== null &&
    !senderFrame.detached &&
    senderFrame.parent === null &&
    isAppUrl(senderFrame.origin) &&
    isAppUrl(senderFrame.url)
  );
}
