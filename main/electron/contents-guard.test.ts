import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guardContents } from './contents-guard.ts';
import * as electron from './testing/fake-electron.ts';
import { FakeWebContents } from './testing/fake-window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const openLink = vi.fn();
let contents: FakeWebContents;

beforeEach(() => {
  electron.resetElectron();
  openLink.mockReset();
  guardContents(openLink);
  contents = new FakeWebContents();
  electron.app.emit('web-contents-created', {}, contents);
});

describe('guardContents', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'prevents %s',
    (name) => {
      const event = { preventDefault: vi.fn(), url: 'app://skerry/elsewhere' };
      contents.emit(name, event);
      expect(event.preventDefault).toHaveBeenCalledTimes(1);
    },
  );

  it('denies every window and hands its link on', () => {
    expect(contents.windowOpenHandler({ url: 'https://example.org/' })).toEqual({ action: 'deny' });
    expect(contents.windowOpenHandler({ url: 'app://skerry/' })).toEqual({ action: 'deny' });
    expect(openLink.mock.calls).toEqual([
      ['https://example.org/', contents],
      ['app://skerry/', contents],
    ]);
  });

  it('never accepts a bad certificate', () => {
    const event = { preventDefault: vi.fn() };
    const callback = vi.fn();
    electron.app.emit('certificate-error', event, contents, 'https://x/', 'E', {}, callback, true);
    expect(event.preventDefault).toHaveBeenCalledTimes(1);
    expect(callback.mock.calls).toEqual([[false]]);
  });

  it('shows no certificate of the user and answers no password question', () => {
    const event = { preventDefault: vi.fn() };
    const certificate = vi.fn();
    electron.app.emit(
      'select-client-certificate',
      event,
      contents,
      'https://x/',
      [{}],
      certificate,
    );
    const login = vi.fn();
    electron.app.emit('login', event, contents, {}, {}, login);
    expect(event.preventDefault).toHaveBeenCalledTimes(2);
    expect([certificate.mock.calls, login.mock.calls]).toEqual([[[]], [[]]]);
  });
});
