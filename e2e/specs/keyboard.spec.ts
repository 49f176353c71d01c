import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { HostProcess } from '../fixtures/host-process.ts';
import { expect, test } from '../fixtures/test.ts';
import { HomePage } from '../pages/home-page.ts';

/** More than any page has; without an end a way that leads nowhere would be tried for ever. */
const mostStops = 120;

test.slow();

/** Presses Tab until this has the keyboard: whatever is reached so is reached by hand. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let stops = 0; stops < mostStops; stops += 1) {
    if (await isFocused()) return;
    await page.keyboard.press('Tab');
  }
  await expect(target, `not reached by ${String(mostStops)} tabs`).toBeFocused();
}

/** Goes there and presses Enter. */
async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

/** Opens a menu and goes down to one of its entries. */
async function choose(page: Page, opener: Locator, entry: string): Promise<void> {
  await press(page, opener);
  const item = page.getByRole('menuitem', { name: entry, exact: true });
  await expect(item).toBeVisible();
  // The first letters of an entry lead to it, as in every menu.
  await page.keyboard.type(entry.slice(0, -1));
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
}

async function guest(host: HostProcess, name: string, script: string): Promise<string> {
  return (await host.cli('exec', name, '--', 'sh', '-c', script)).stdout.trim();
}

test('a sandbox is made, split, stopped, started and removed by keyboard alone', async ({
  app,
  host,
}) => {
  const { page, main, terminals } = app;
  const { keyboard } = page;
  await app.command('go tasks');
  await keyboard.press('n');
  await tabTo(page, app.create.name);
  await keyboard.press('Control+a');
  await keyboard.type('hand');
  await press(page, main.getByRole('button', { name: 'Create', exact: true }));
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(/hand/);
  await terminals.expectPrompt();

  await keyboard.press('Control+Shift+E');
  await expect(terminals.panes).toHaveCount(2);
  await terminals.expectPrompt();
  await keyboard.type('echo split > /root/file\n');
  await expect.poll(() => guest(host, 'hand', 'cat /root/file')).toBe('split');
  await keyboard.press('Control+`');
  await expect(terminals.region).toBeHidden();

  const own = app.sandbox('hand');
  await press(page, own.button('Stop'));
  await own.expectState('stopped');
  await press(page, own.button('Start'));
  await own.expectState('running');
  await choose(page, own.button('More'), 'Remove…');
  const question = page.getByRole('alertdialog');
  await press(page, question.getByRole('button', { name: 'Remove' }));
  await expect(app.sidebar.getByRole('link', { name: /hand/ })).toHaveCount(0);
});

test('files are made, edited, uploaded, renamed and removed by keyboard alone', async ({
  app,
  host,
}) => {
  const { page, main, files } = app;
  const { keyboard } = page;
  await host.cli('create', 'hand', '--image', 'skerry/starter');
  await app.command('files of hand');
  await tabTo(page, files.list);
  await keyboard.type('root');
  await keyboard.press('Enter');
  await expect(page).toHaveURL(/path=%2Froot$/);

  await choose(page, files.button('New'), 'New file…');
  await keyboard.type('note.txt');
  await keyboard.press('Enter');
  await expect(files.editor).toBeVisible();
  await tabTo(page, files.editor);
  await keyboard.type('by hand');
  await keyboard.press('Control+s');
  await expect(files.saved).toBeVisible();
  expect(await guest(host, 'hand', 'cat /root/note.txt')).toBe('by hand');
  // Tab indents; Escape lets it leave.
  await keyboard.press('Escape');
  await keyboard.press('Tab');
  await expect(files.editor).not.toBeFocused();
  await press(page, files.button('Close'));

  const folder = await mkdtemp(path.join(tmpdir(), 'skerry-e2e-keys-'));
  try {
    await writeFile(path.join(folder, 'sent.txt'), 'sent');
    const chooser = page.waitForEvent('filechooser');
    await choose(page, files.button('Upload'), 'Upload files…');
    await (await chooser).setFiles(path.join(folder, 'sent.txt'));
    await expect(files.row('sent.txt')).toBeVisible();
  } finally {
    await rm(folder, { recursive: true });
  }

  await tabTo(page, files.list);
  await keyboard.type('sent');
  await keyboard.press('F2');
  await expect(main.getByRole('textbox', { name: /^New name of/ })).toBeFocused();
  await keyboard.press('Control+a');
  await keyboard.type('kept.txt');
  await keyboard.press('Enter');
  await expect(files.row('kept.txt')).toBeVisible();
  await expect(files.list).toBeFocused();
  await keyboard.type('note');
  await keyboard.press('Delete');
  await press(page, files.dialog(/^Delete note/).getByRole('button', { name: 'Delete' }));
  await expect(files.row('note.txt')).toHaveCount(0);
  expect(await guest(host, 'hand', 'ls /root')).toBe('kept.txt');
});

test('commands, settings and bulk actions work by keyboard alone', async ({ app, host }) => {
  const { page, main } = app;
  const { keyboard } = page;
  await host.cli('create', 'one', '--image', 'skerry/starter');
  await host.cli('create', 'two', '--image', 'skerry/starter');

  await app.command('commands of one');
  await tabTo(page, main.getByRole('textbox', { name: 'Run in the shell of one' }));
  await keyboard.type('echo ran >> /root/runs');
  await keyboard.press('Enter');
  await expect.poll(() => guest(host, 'one', 'cat /root/runs')).toBe('ran');
  await press(page, main.getByRole('button', { name: 'Run again' }));
  await expect.poll(() => guest(host, 'one', 'cat /root/runs')).toBe('ran\nran');

  await keyboard.press('Control+,');
  await tabTo(page, main.getByRole('radio', { name: 'As the system' }));
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  const home = new HomePage(page);
  await app.command('go to sandboxes');
  for (const name of ['one', 'two']) {
    await tabTo(page, home.box(name));
    await keyboard.press('Space');
  }
  await press(page, home.bulk.getByRole('button', { name: /^Remove \(2\)/ }));
  const question = page.getByRole('alertdialog');
  await press(page, question.getByRole('button', { name: 'Remove 2 sandboxes' }));
  await expect(home.outcome.or(main.getByText('Your first sandbox'))).toBeVisible();
  await expect.poll(async () => (await host.cli('ls', '--json')).stdout.trim()).toBe('[]');
});
