/** What one window does is seen in another one, and what a sandbox does by itself is seen in both. */
import type { BrowserContext } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';
import type { HostProcess } from '../fixtures/host-process.ts';
import { AppWindow } from '../pages/app-window.ts';
import { CommandsPage } from '../pages/commands-page.ts';
import { LogsPage } from '../pages/logs-page.ts';

async function openSecond(context: BrowserContext, host: HostProcess): Promise<AppWindow> {
  const page = await context.newPage();
  await page.goto(host.url);
  return new AppWindow(page);
}

async function guest(host: HostProcess, name: string, script: string): Promise<void> {
  const { code, stderr } = await host.cli('exec', name, '--', 'sh', '-c', script);
  expect(code, stderr).toBe(0);
}

test('a run that is removed and a log that is cleared go in every window', async ({
  app,
  host,
  context,
}) => {
  await app.createStarter('shared');
  const first = new CommandsPage(app.page, 'shared');
  await first.open();
  await first.run('echo kept');
  await expect(first.shown('echo kept')).toContainText('Exit code 0');
  await first.run('echo gone');
  await expect(first.shown('echo gone')).toContainText('Exit code 0');

  const window = await openSecond(context, host);
  await window.page.goto(app.page.url());
  const second = new CommandsPage(window.page, 'shared');
  await expect(second.runs).toHaveCount(2);
  await expect(second.output('echo gone')).toContainText('gone');

  await first.shown('echo gone').getByRole('button', { name: 'Remove this run' }).click();
  await expect(first.runs).toHaveCount(1);
  await expect(second.runs).toHaveCount(1);
  await expect(second.shown('echo kept')).toBeVisible();

  const [firstLog, secondLog] = [app.page, window.page].map((page) => new LogsPage(page, 'shared'));
  if (firstLog === undefined || secondLog === undefined) throw new Error('There are two windows.');
  for (const log of [firstLog, secondLog]) {
    await log.open();
    await log.source('Commands').click();
    await expect(log.lines).toContainText('kept');
    await expect(log.lines).not.toContainText('gone');
  }
  await firstLog.choose('Clear…');
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Clear the log' }).click();
  // A log without lines is none.
  await expect(firstLog.lines).toHaveCount(0);
  await expect(secondLog.lines).toHaveCount(0);
  await guest(host, 'shared', 'echo since');
  await expect(firstLog.lines).toContainText('since');
  await expect(secondLog.lines).toContainText('since');
  await expect(secondLog.lines).not.toContainText('kept');
});

test('what the sandbox does to its files is seen without a word', async ({ app, host }) => {
  await app.createStarter('busy');
  const { files, page } = app;
  await guest(host, 'busy', 'mkdir /root/work; echo one > /root/work/one.txt');
  await files.open();
  await files.goTo('/root/work');
  await files.row('one.txt').click();

  await test.step('a file that it makes is there, and what is chosen stays', async () => {
    await guest(host, 'busy', 'echo two > /root/work/two.txt');
    await expect(files.row('two.txt')).toBeVisible();
    await expect(files.row('one.txt')).toHaveAttribute('aria-selected', 'true');
    await expect(files.row('two.txt')).toHaveAttribute('aria-selected', 'false');
  });

  await test.step('a name that is being typed is not disturbed', async () => {
    // The end of the name stays as it is.
    await page.keyboard.press('F2');
    await page.keyboard.type('named');
    await guest(host, 'busy', 'rm /root/work/two.txt; echo three > /root/work/three.txt');
    await expect(files.row('three.txt')).toBeVisible();
    await page.keyboard.type('-so');
    await page.keyboard.press('Enter');
    await expect(files.row('named-so.txt')).toBeVisible();
    await expect(files.row('two.txt')).toHaveCount(0);
  });

  await test.step('an open text says that it has changed, and is read anew', async () => {
    await files.row('three.txt').dblclick();
    await expect(files.editor).toContainText('three');
    await guest(host, 'busy', 'echo four > /root/work/three.txt');
    const notice = app.main.getByText('The file has changed in the sandbox since it was read.');
    await expect(notice).toBeVisible();
    await expect(files.editor).toContainText('three');
    await files.button('Reload').click();
    await expect(files.editor).toContainText('four');
    await expect(notice).toBeHidden();
    await guest(host, 'busy', 'rm /root/work/three.txt');
    await expect(app.main.getByText('The sandbox does not have the file any more.')).toBeVisible();
  });

  await test.step('the list of changes says when it was read, and is read again', async () => {
    await files.showChanges();
    await expect(app.main.getByText('Read just now')).toBeVisible();
    await guest(host, 'busy', 'echo five > /root/work/five.txt');
    await app.main.getByRole('listitem').first().waitFor();
    await app.main.locator('.files-pane').getByRole('button', { name: 'Refresh' }).click();
    await expect(files.changes.filter({ hasText: 'five.txt' })).toBeVisible();
  });
});
