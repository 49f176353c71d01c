import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

test.describe('pausing and suspending', () => {
  test('a paused sandbox stands still, says so, and goes on with what was typed', async ({
    app,
    host,
  }) => {
    await app.createStarter('still');
    const page = app.sandbox('still');
    await app.terminals.run('place=kept');
    await page.choose('Pause');
    await page.expectState('paused');
    await expect(app.sidebar.getByRole('link', { name: 'paused still' })).toBeVisible();
    const strip = app.terminals.region.getByRole('status').filter({ hasText: 'still is paused' });
    await expect(strip).toBeVisible();
    await expect(page.button('Terminal')).toBeDisabled();
    expect(await host.cli('exec', 'still', '--', 'true')).not.toMatchObject({ code: 0 });
    await expectNoViolations(app.page, 'a paused sandbox');
    // Nothing answers now; it arrives when the sandbox goes on.
    await app.terminals.input.focus();
    await app.page.keyboard.type('echo "still $place"\n');
    await strip.getByRole('button', { name: 'Resume' }).click();
    await page.expectState('running');
    await app.terminals.expectText('still kept');
  });

  test('pages that need a running sandbox say so, and have it go on', async ({ app }) => {
    await app.createStarter('pages');
    const page = app.sandbox('pages');
    await page.choose('Pause');
    await page.expectState('paused');
    await app.main.getByRole('link', { name: 'Commands', exact: true }).click();
    await expect(app.main.getByText('It is paused')).toBeVisible();
    await app.main.getByRole('link', { name: 'Files', exact: true }).click();
    await expect(app.main.getByRole('heading', { name: 'The sandbox is paused' })).toBeVisible();
    await app.main.getByRole('button', { name: 'Resume' }).last().click();
    await page.expectState('running');
    await expect(app.main.getByRole('tree')).toBeVisible();
  });

  test('a suspended sandbox goes on where it was, in a new host process too', async ({
    app,
    host,
  }) => {
    await app.createStarter('sleeps');
    const page = app.sandbox('sleeps');
    await app.terminals.run('echo $$ > /tmp/shell; place=kept');
    await page.choose('Suspend');
    await page.expectState('suspended');
    await expect(app.main.getByText(/of memory on disk/)).toBeVisible();
    await expectNoViolations(app.page, 'a suspended sandbox');
    await host.kill('SIGKILL');
    await host.serve();
    await app.page.goto(host.url);
    await app.sidebar.getByRole('link', { name: 'suspended sleeps' }).click();
    await page.button('Resume').click();
    await page.expectState('running');
    await expect(app.main.getByText(/, resumed$/).first()).toBeVisible();
    expect((await host.cli('exec', 'sleeps', '--', 'cat', '/tmp/shell')).stdout).toMatch(/^\d+\n$/);
  });

  test('the memory of a suspended sandbox is given up only when that is confirmed', async ({
    app,
    host,
  }) => {
    await app.createStarter('asks');
    const page = app.sandbox('asks');
    await app.terminals.run('echo lost > /dev/shm/file; echo kept > /root/file; sync');
    await page.choose('Suspend');
    await page.expectState('suspended');
    await page.button('Stop').click();
    const dialog = app.page.getByRole('alertdialog');
    await expect(dialog).toContainText('Stop asks?');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.expectState('suspended');
    await page.choose('Start from disk');
    await expect(dialog).toContainText('its memory');
    await dialog.getByRole('button', { name: 'Start from disk' }).click();
    await page.expectState('running');
    expect((await host.cli('exec', 'asks', '--', 'cat', '/root/file')).stdout).toBe('kept\n');
    expect(await host.cli('exec', 'asks', '--', 'cat', '/dev/shm/file')).not.toMatchObject({
      code: 0,
    });
  });

  test('several are paused and go on from the list', async ({ app }) => {
    await app.createStarter('first');
    await app.createStarter('second');
    await app.goTo('Sandboxes');
    await app.main.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    const bar = app.main.getByRole('toolbar');
    await bar.getByRole('button', { name: 'Pause (2)' }).click();
    await expect(app.main.getByRole('cell', { name: 'paused' })).toHaveCount(2);
    await bar.getByRole('button', { name: 'Resume (2)' }).click();
    await expect(app.main.getByRole('cell', { name: 'running' })).toHaveCount(2);
  });
});
