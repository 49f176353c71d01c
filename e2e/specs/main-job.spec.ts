import { expect, test } from '../fixtures/test.ts';

test.describe('the main job', () => {
  test('leads from the first window to a prompt with one click', async ({ app }) => {
    await app.main.getByRole('button', { name: 'Create' }).click();
    await expect(app.main.getByRole('heading', { level: 1 })).toContainText('Creating');
    await app.terminals.expectPrompt();
    await app.terminals.run('echo $((6 * 7)) from $(uname -s)');
    await app.terminals.expectText('42 from Linux');
  });

  test('keeps the terminal over a reload of the window', async ({ app }) => {
    await app.createStarter('keeps');
    await app.terminals.run('place=kept');
    await app.page.reload();
    await app.terminals.tab('keeps: sh').waitFor();
    await app.terminals.run('echo "the variable is $place"');
    await app.terminals.expectText('the variable is kept');
  });

  test('shows at once what the command line does', async ({ app, host }) => {
    const created = await host.cli('create', 'from-cli', '--image', 'skerry/starter');
    expect(created).toMatchObject({ code: 0 });
    const link = app.sidebar.getByRole('link', { name: 'running from-cli' });
    await expect(link).toBeVisible();
    await link.click();
    await app.sandbox('from-cli').button('Terminal').click();
    await app.terminals.expectPrompt();
  });
});

test.describe('a terminal drawn by WebGL', () => {
  test('takes what is typed', async ({ app, host }) => {
    await app.goTo('New sandbox');
    await app.create.name.fill('drawn');
    await app.create.submit();
    await expect(app.terminals.input).toBeFocused();
    await expect(app.terminals.region.locator('canvas').first()).toBeVisible();
    await app.terminals.run('echo typed > /root/file');
    await expect
      .poll(async () => (await host.cli('exec', 'drawn', '--', 'cat', '/root/file')).stdout)
      .toBe('typed\n');
  });
});
