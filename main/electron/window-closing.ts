/** Closing the window: the app may go on in the tray, with its page, which tells of what ends. */
import { Notification, type BrowserWindow } from 'electron';
import { say } from './desktop-words.ts';
import type { SaidOnce } from './small-file.ts';

/** What closing depends on. */
export interface ClosingOptions {
  /** Whether the app goes on without a window that is seen; asked each time. */
  readonly staysOpen: () => boolean;
  /** That the app is in the tray is said the first time. */
  readonly told: SaidOnce;
}

/** Hides the window instead of closing it, as long as the app is to stay. */
export function watchClosing(window: BrowserWindow, { staysOpen, told }: ClosingOptions): void {
  window.on('close', (event) => {
    if (!staysOpen()) return;
    event.preventDefault();
    window.hide();
    if (told.wasSaid || !Notification.isSupported()) return;
    told.remember();
    new Notification({ title: say('stay.title'), body: say('stay.body') }).show();
  });
}
