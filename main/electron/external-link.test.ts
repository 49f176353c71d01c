import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ExternalLinks } from './external-link.ts';
import * as electron from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));

const window = {} as never;
let links: ExternalLinks;

beforeEach(() => {
  electron.resetElectron();
  links = new ExternalLinks();
});

describe('ExternalLinks', () => {
  it('opens an https link after the user saw where it goes', async () => {
    electron.dialog.answer = 0;
    await links.open('https://example.org/a\u0000b?q=1', window);
    expect(electron.dialog.shown[0]?.detail).toBe('https://example.org/a%00b?q=1');
    expect(electron.shell.opened).toEqual(['https://example.org/a%00b?q=1']);
  });

  it('shows a look-alike host for what it is', async () => {
    electron.dialog.answer = 2;
    await links.open('https://ex\u0430mple.org/', window);
    expect(electron.dialog.shown[0]?.detail).toBe('https://xn--exmple-4nf.org/');
  });

  it('opens nothing when the user cancels, which is what the keyboard does by default', async () => {
    electron.dialog.answer = 2;
    await links.open('https://example.org/', window);
    const [question] = electron.dialog.shown;
    expect(question?.buttons?.[question.defaultId ?? -1]).toBe('Cancel');
    expect(question?.buttons?.[question.cancelId ?? -1]).toBe('Cancel');
    expect(electron.shell.opened).toEqual([]);
  });

  it('copies a link where the user prefers that', async () => {
    electron.dialog.answer = 1;
    await links.open('https://example.org/', window);
    expect([electron.clipboard.text, electron.shell.opened]).toEqual(['https://example.org/', []]);
  });

  it('never opens a plain http link, but offers to copy it', async () => {
    electron.dialog.answer = 0;
    await links.open('http://127.0.0.1:8080/', window);
    expect(electron.shell.opened).toEqual([]);
    expect(electron.clipboard.text).toBe('http://127.0.0.1:8080/');
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'vscode://file/x',
    'app://skerry/',
    'not a url',
    `https://example.org/${'a'.repeat(2048)}`,
  ])('does not even ask about %s', async (url) => {
    await links.open(url, window);
    expect([electron.dialog.shown, electron.shell.opened]).toEqual([[], []]);
  });

  it('asks one question at a time, however many links a page opens', async () => {
    let answer: (button: number) => void = () => undefined;
    electron.dialog.answer = new Promise((resolve) => {
      answer = resolve;
    });
    const first = links.open('https://example.org/1', window);
    await links.open('https://example.org/2', window);
    answer(0);
    await first;
    expect(electron.shell.opened).toEqual(['https://example.org/1']);
    electron.dialog.answer = 0;
    await links.open('https://example.org/3', window);
    expect(electron.shell.opened).toEqual(['https://example.org/1', 'https://example.org/3']);
  });
});
