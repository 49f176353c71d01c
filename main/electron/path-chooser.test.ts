/** From the page's request through the preload script to the desktop's dialog, and back. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { offerPathChooser } from './path-chooser.ts';
import * as electron from './testing/fake-electron.ts';
import { FakePage } from './testing/fake-page.ts';
import { FakeFrame } from './testing/fake-window.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const window = {};
let frame: FakeFrame;
let page: FakePage;

async function openPage(
  of = new FakeFrame('app://skerry/', 'app://skerry'),
  found: object = window,
) {
  frame = of;
  offerPathChooser(() => found as never);
  page = new FakePage(frame);
  vi.stubGlobal('window', page);
  vi.resetModules();
  await import('./preload.ts');
}

async function choose(kind: string, requestId = 'request-1'): Promise<unknown> {
  const message = page.nextMessage();
  page.skerry.choosePath(requestId, kind);
  return (await message).data;
}

beforeEach(() => {
  electron.resetElectron();
  return () => vi.unstubAllGlobals();
});

describe('offerPathChooser', () => {
  it.each([
    ['directory', ['openDirectory', 'showHiddenFiles']],
    ['file', ['openFile', 'showHiddenFiles']],
    ['any', ['openFile', 'openDirectory', 'showHiddenFiles']],
  ])('shows a dialog for %s and answers with what was chosen', async (kind, properties) => {
    await openPage();
    electron.dialog.chosen = ['/home/ada/data'];
    expect(await choose(kind)).toEqual({
      type: 'skerry:chosen-path',
      requestId: 'request-1',
      path: '/home/ada/data',
    });
    expect(electron.dialog.choosing).toEqual([{ properties }]);
  });

  it('answers without a path when the dialog is cancelled, or fails', async () => {
    await openPage();
    expect(await choose('file')).toMatchObject({ requestId: 'request-1', path: undefined });
    electron.dialog.chosen = Promise.reject(new Error('no portal'));
    expect(await choose('file', 'request-2')).toMatchObject({ path: undefined });
    electron.dialog.chosen = ['/srv'];
    expect(await choose('file', 'request-3')).toMatchObject({ path: '/srv' });
  });

  it('shows one dialog at a time', async () => {
    await openPage();
    let finish: (paths: string[]) => void = () => undefined;
    electron.dialog.chosen = new Promise((resolve) => {
      finish = resolve;
    });
    page.skerry.choosePath('request-1', 'file');
    expect(await choose('file', 'request-2')).toMatchObject({
      requestId: 'request-2',
      path: undefined,
    });
    const first = page.nextMessage();
    finish(['/srv']);
    expect((await first).data).toMatchObject({ requestId: 'request-1', path: '/srv' });
    expect(electron.dialog.choosing).toHaveLength(1);
  });

  it('answers a page that is still there, and no other', async () => {
    await openPage();
    const posted = vi.fn();
    frame.onMessage = posted;
    let finish: (paths: string[]) => void = () => undefined;
    const chosen = new Promise<string[]>((resolve) => {
      finish = resolve;
    });
    electron.dialog.chosen = chosen;
    page.skerry.choosePath('request-1', 'file');
    frame.detached = true;
    finish(['/srv']);
    await chosen;
    await new Promise(setImmediate);
    expect(posted).not.toHaveBeenCalled();
  });

  it.each([
    ['a frame of another origin', new FakeFrame('https://example.org/', 'https://example.org')],
    [
      'a frame within the page',
      new FakeFrame('app://skerry/', 'app://skerry', new FakeFrame('', '')),
    ],
  ])('shows nothing for %s', async (_what, of) => {
    await openPage(of);
    page.skerry.choosePath('request-1', 'file');
    expect(electron.dialog.choosing).toEqual([]);
  });

  it.each([
    ['an id that is none', 'a b', 'file'],
    ['a kind that is none', 'request-1', 'multiSelections'],
    ['a name every object has', 'request-1', 'constructor'],
    ['a kind that is no text', 'request-1', 7],
  ])('shows nothing for %s', async (_what, id, kind) => {
    await openPage();
    page.skerry.choosePath(id, kind as string);
    expect(electron.dialog.choosing).toEqual([]);
  });
});
