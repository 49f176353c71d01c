import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guardSession } from './session-guard.ts';
import { FakeSession } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const own = 'app://skerry/';
const contents = {};
let session: FakeSession;

beforeEach(() => {
  session = new FakeSession();
  guardSession(session as never, { development: false });
});

function request(permission: string, requestingUrl = own, isMainFrame = true): unknown {
  const callback = vi.fn();
  session.permissionRequest?.(contents, permission, callback, { requestingUrl, isMainFrame });
  expect(callback).toHaveBeenCalledTimes(1);
  return callback.mock.calls[0]?.[0];
}

const check = (permission: string, origin = own, isMainFrame = true, of: unknown = contents) =>
  session.permissionCheck?.(of, permission, origin, { isMainFrame });

describe('guardSession', () => {
  it('lets its own page write to the clipboard', () => {
    expect(request('clipboard-sanitized-write')).toBe(true);
    expect(check('clipboard-sanitized-write')).toBe(true);
    expect(check('clipboard-sanitized-write', 'app://skerry')).toBe(true);
  });

  it.each([
    'clipboard-read',
    'deprecated-sync-clipboard-read',
    'fileSystem',
    'fullscreen',
    'geolocation',
    'hid',
    'media',
    'midi',
    'openExternal',
    'pointerLock',
    'serial',
    'usb',
    'unknown',
  ])('denies %s', (permission) => {
    expect(request(permission)).toBe(false);
    expect(check(permission)).toBe(false);
  });

  it.each(['https://skerry/', 'app://other/', 'app://skerry.example.org/', 'null', ''])(
    'denies everything to %j',
    (origin) => {
      expect(request('clipboard-sanitized-write', origin)).toBe(false);
      expect(check('clipboard-sanitized-write', origin)).toBe(false);
    },
  );

  it('lets the page alone show notifications, of which Electron says no frame', () => {
    expect(request('notifications')).toBe(true);
    expect(check('notifications', 'app://skerry', false, null)).toBe(true);
    expect(request('notifications', own, false)).toBe(false);
    for (const origin of ['https://example.org', 'app://other', 'null']) {
      expect(request('notifications', origin)).toBe(false);
      expect(check('notifications', origin, false, null)).toBe(false);
    }
  });

  it('denies a frame within the page, and a request of no page', () => {
    expect(request('clipboard-sanitized-write', own, false)).toBe(false);
    expect(check('clipboard-sanitized-write', own, false)).toBe(false);
    expect(check('clipboard-sanitized-write', own, true, null)).toBe(false);
  });

  it('gives no device and no spell checker, whose words come from a server', () => {
    expect(session.devicePermission?.({})).toBe(false);
    expect(session.spellChecker).toBe(false);
  });

  it.each([
    ['blob:app://skerry/5c1f', 0],
    ['blob:https://example.org/5c1f', 1],
    ['blob:app://skerry.example.org/5c1f', 1],
    ['app://skerry/index.html', 1],
    ['https://example.org/a.zip', 1],
    ['data:text/plain,a', 1],
  ])('saves nothing but what the page made: %s', (url, prevented) => {
    const preventDefault = vi.fn();
    session.emit('will-download', { preventDefault }, { getURL: () => url });
    expect(preventDefault).toHaveBeenCalledTimes(prevented);
  });

  function isCancelled(url: string): unknown {
    const callback = vi.fn();
    session.beforeRequest?.({ url }, callback);
    return (callback.mock.calls[0]?.[0] as { cancel: boolean }).cancel;
  }

  it('lets nothing leave the app', () => {
    expect(isCancelled('app://skerry/assets/a.js')).toBe(false);
    expect(isCancelled('blob:app://skerry/1')).toBe(false);
    for (const url of [
      'https://example.org/',
      'http://127.0.0.1:8080/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'app://other/',
      'devtools://devtools/bundled/inspector.html',
      'not a url',
    ]) {
      expect(isCancelled(url), url).toBe(true);
    }
  });

  it('lets the developer tools load in development alone', () => {
    guardSession(session as never, { development: true });
    expect(isCancelled('devtools://devtools/bundled/inspector.html')).toBe(false);
    expect(isCancelled('https://example.org/')).toBe(true);
  });
});
