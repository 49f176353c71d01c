/**
 * Keeps every page where it is: no navigation, no windows of its own, no embedded web views.
 * A link that would open a window is offered to the user's browser instead.
 */
import { app, type Event, type WebContents } from 'electron';

/** Takes a link that a page wants to open outside. */
export type OpenLink = (url: string, contents: WebContents) => void;

/** Guards all web contents that will ever be made, and never accepts a bad certificate. */
export function guardContents(openLink: OpenLink): void {
  app.on('web-contents-created', (_event, contents) => {
    guardOne(contents, openLink);
  });
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _certificates, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event, _contents, _details, _auth, callback) => {
    event.preventDefault();
    callback();
  });
}

function guardOne(contents: WebContents, openLink: OpenLink): void {
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url, contents);
    return { action: 'deny' };
  });
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
}

function refuse(event: Pick<Event, 'preventDefault'>): void {
  event.preventDefault();
}
