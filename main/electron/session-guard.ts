/**
 * What a session may do on a page's behalf: write text to the clipboard, show notifications, and
 * save what the page itself made where the user says. Nothing else.
 */
import type { Session } from 'electron';
import { appOrigin, isAppUrl } from './app-origin.ts';

/** Schemes without a server that a page may load from besides its own origin. */
const loadable = new Set(['blob:', 'data:']);

/** What differs while the app is developed. */
export interface SessionGuardOptions {
  readonly development: boolean;
}

/** Denies permissions, devices, downloads from elsewhere and every request that leaves the app. */
export function guardSession(session: Session, options: SessionGuardOptions): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(mayUse(permission, details.requestingUrl, details.isMainFrame));
  });
  session.setPermissionCheckHandler((contents, permission, requestingOrigin, details) => {
    // Electron tells no contents and no frame of whoever asks about notifications.
    if (permission === 'notifications') return isAppUrl(requestingOrigin);
    return contents !== null && mayUse(permission, requestingOrigin, details.isMainFrame);
  });
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event, item) => {
    // Without a path set here, Electron asks the user for one.
    if (!item.getURL().startsWith(`blob:${appOrigin}/`)) event.preventDefault();
  });
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !mayLoad(details.url, options.development) });
  });
}

const permissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

function mayUse(permission: string, requester: string, isMainFrame: boolean): boolean {
  return permissions.has(permission) && isMainFrame && isAppUrl(requester);
}

function mayLoad(url: string, development: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  if (protocol === 'app:') return isAppUrl(url);
  return loadable.has(protocol) || (development && protocol === 'devtools:');
}
