/** Links that lead out of the app. They may come from a guest, so the user sees where they go. */
import { clipboard, dialog, shell, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { say } from './desktop-words.ts';

/** Longest link that is shown, in characters; a longer one cannot be judged by reading it. */
const maxLinkLength = 2048;

/** Asks, then opens an https link in the user's browser. One question at a time. */
export class ExternalLinks {
  #asking = false;

  /** Resolves when the question was answered; anything but https is never opened. */
  async open(url: string, window: BrowserWindow): Promise<void> {
    if (this.#asking || url.length > maxLinkLength || !URL.canParse(url)) return;
    // The parsed form: control characters gone, the host in ASCII so that look-alikes show.
    const { href, protocol } = new URL(url);
    this.#asking = true;
    try {
      if (protocol === 'https:') await askToOpen(href, window);
      else if (protocol === 'http:') await offerToCopy(href, window);
    } finally {
      this.#asking = false;
    }
  }
}

async function askToOpen(href: string, window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    ...question,
    message: say('link.ask'),
    detail: href,
    buttons: [say('link.open'), say('link.copy'), say('link.cancel')],
    defaultId: 2,
    cancelId: 2,
  });
  if (response === 0) await shell.openExternal(href);
  if (response === 1) await clipboard.writeText(href);
}

async function offerToCopy(href: string, window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    ...question,
    message: say('link.refuse'),
    detail: href,
    buttons: [say('link.copy'), say('link.cancel')],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await clipboard.writeText(href);
}

const question: Pick<MessageBoxOptions, 'type' | 'noLink'> = { type: 'question', noLink: true };
