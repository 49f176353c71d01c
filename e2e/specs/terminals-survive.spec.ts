import type { AppWindow } from '../pages/app-window.ts';
import { AppWindow as Window } from '../pages/app-window.ts';
import type { HostProcess } from '../fixtures/host-process.ts';
import { expect, test } from '../fixtures/test.ts';

const sandboxes = ['one', 'two', 'three'];

async function createSandboxes(host: HostProcess, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const created = await host.cli('create', name, '--image', 'skerry/starter');
    expect(created).toMatchObject({ code: 0 });
  }
}

/** A tab for each sandbox with two terminals side by side, each with a variable of its own. */
async function openTwoInEach(app: AppWindow): Promise<void> {
  for (const name of sandboxes) {
    await app.terminals.open(name);
    await app.terminals.expectPrompt();
    await app.terminals.run(`place=left-of-${name}; echo "this is $place"`);
    await app.terminals.expectText(`this is left-of-${name}`);
    await app.terminals.split('right');
    await app.terminals.run(`place=right-of-${name}; echo "this is $place"`);
    await app.terminals.expectText(`this is right-of-${name}`);
  }
}

/** Every terminal is where it was, with its output, and its shell answers. */
async function expectAllBack(app: AppWindow, word: string): Promise<void> {
  const { terminals } = app;
  await expect(terminals.region.getByRole('tab')).toHaveCount(sandboxes.length);
  for (const name of sandboxes) {
    await terminals.tab(`${name}: `).click();
    await expect(terminals.panes).toHaveCount(2);
    await expect(terminals.screenOf(0)).toContainText(`this is left-of-${name}`);
    await expect(terminals.screenOf(1)).toContainText(`this is right-of-${name}`);
    await terminals.run(`echo "${word} $place"`);
    await expect(terminals.screenOf(1)).toContainText(`${word} right-of-${name}`);
  }
}

test.describe('terminals', () => {
  test('come back whole after a reload', async ({ app, host }) => {
    await createSandboxes(host, sandboxes);
    await openTwoInEach(app);
    await app.page.reload();
    await expectAllBack(app, 'reloaded');
  });

  test('come back whole in a window that is opened after the last one was closed', async ({
    app,
    host,
    context,
  }) => {
    await createSandboxes(host, sandboxes);
    await openTwoInEach(app);
    // While a window is open, another one begins without terminals.
    const beside = await context.newPage();
    await beside.goto(host.url);
    await expect(beside.getByRole('link', { name: /one/ }).first()).toBeVisible();
    await expect(new Window(beside).terminals.region).toBeHidden();
    await beside.close();
    await app.page.close();
    const page = await context.newPage();
    await page.goto(host.url);
    await expectAllBack(new Window(page), 'opened again');
  });

  test('come back whole after the loss of the host process', async ({ app, host }) => {
    await createSandboxes(host, sandboxes);
    await openTwoInEach(app);
    await host.kill('SIGKILL');
    await expect(app.terminals.focused).toContainText('The host process is away.');
    await host.serve();
    // The address has another token; the window has to sign in again, as after a restart by hand.
    await app.page.goto(host.url);
    await expectAllBack(app, 'recovered');
  });

  test('are the same in two windows, and the smaller size wins', async ({ app, host, context }) => {
    await createSandboxes(host, ['shared']);
    await app.terminals.open('shared');
    await app.terminals.expectPrompt();
    await app.terminals.run('echo "from the first window"');
    await app.terminals.expectText('from the first window');

    const page = await context.newPage();
    await page.setViewportSize({ width: 900, height: 600 });
    await page.goto(host.url);
    const second = new Window(page);
    await second.terminals.openRunning('shared');
    await second.terminals.expectText('from the first window');
    await second.terminals.run('echo "from the second window"');
    await second.terminals.expectText('from the second window');
    await app.terminals.expectText('from the second window');

    const notice = app.terminals.focused.getByText(/Another window shows this terminal at/);
    await expect(notice).toBeVisible();
    await second.terminals.run('clear; stty size');
    await second.terminals.expectText(/\d+ \d+/);
    const shared = /\d+ \d+/.exec((await second.terminals.screen.textContent()) ?? '')?.[0];
    const [rows = '', columns = ''] = shared?.split(' ') ?? [];
    await expect(notice).toContainText(`${columns} × ${rows}`);

    await app.terminals.focused.getByRole('button', { name: 'Use my size' }).click();
    await expect(notice).toBeHidden();
    await expect(
      second.terminals.focused.getByText(/Another window shows this terminal at/),
    ).toBeVisible();
  });

  test('that have ended keep their screen over a reload and begin again in place', async ({
    app,
    host,
  }) => {
    await createSandboxes(host, ['ends']);
    await app.terminals.open('ends');
    await app.terminals.expectPrompt();
    await app.terminals.run('echo "last words"; exit 3');
    await expect(app.terminals.focused.getByRole('status')).toContainText('exit code 3');
    await app.page.reload();
    await app.terminals.expectText('last words');
    await expect(app.terminals.focused.getByRole('status')).toContainText('exit code 3');
    await app.terminals.input.focus();
    await app.page.keyboard.press('Enter');
    await app.terminals.run('echo "second life"');
    await app.terminals.expectText('second life');
  });

  test('are closed without a question, unless a program would end', async ({ app, host }) => {
    await createSandboxes(host, ['asks']);
    await app.terminals.open('asks');
    await app.terminals.expectPrompt();
    const isRunning = async (command: string) =>
      (await host.cli('exec', 'asks', '--', 'ps')).stdout.includes(command);
    const { terminals } = app;
    const dialog = app.page.getByRole('alertdialog');

    await terminals.run('sleep 1000');
    await expect.poll(() => isRunning('sleep 1000')).toBe(true);
    await terminals.button('Close terminal').click();
    await expect(dialog).toContainText('sleep is running in asks');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    expect(await isRunning('sleep 1000')).toBe(true);

    await terminals.button('Close terminal').click();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(terminals.region).toBeHidden();
    await expect.poll(() => isRunning('sleep 1000')).toBe(false);

    await terminals.open('asks');
    await terminals.expectPrompt();
    await terminals.button('Close terminal').click();
    await expect(terminals.region).toBeHidden();
  });
});
