import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

test.describe('snapshots', () => {
  test('a sandbox is put back to what it was, and to what it had become', async ({ app, host }) => {
    await app.createStarter('back');
    await app.terminals.run('echo first > /root/file; sync');
    const { snapshots } = app;
    await snapshots.open();
    await expect(app.main.getByRole('heading', { name: 'No snapshot of back yet' })).toBeVisible();
    await expectNoViolations(app.page, 'no snapshots');
    await snapshots.take('with first', { withMemory: false });
    await app.terminals.run('echo second > /root/file; sync');
    await snapshots.act('with first', 'Restore');
    const dialog = app.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('with second');
    await dialog.getByRole('button', { name: 'Take snapshot and restore' }).click();
    await app.sandbox('back').expectState('stopped');
    await app.sandbox('back').button('Start').click();
    await app.sandbox('back').expectState('running');
    const content = async () => (await host.cli('exec', 'back', '--', 'cat', '/root/file')).stdout;
    expect(await content()).toBe('first\n');
    await expectNoViolations(app.page, 'a tree of snapshots');
    await snapshots.act('with second', 'Restore');
    await dialog.getByRole('checkbox', { name: /Take a snapshot first/ }).uncheck();
    await expect(dialog).toContainText('every change of its disk');
    await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await expect(snapshots.item('back')).toContainText('here');
    await expect.poll(content).toBe('second\n');
  });

  test('what runs goes on from the snapshot of a running sandbox', async ({ app }) => {
    await app.createStarter('instant');
    await app.terminals.run('place=kept');
    await app.snapshots.open();
    await app.snapshots.take('in the middle');
    await expect(app.snapshots.item('in the middle')).toContainText('with memory');
    await app.snapshots.act('in the middle', 'Restore');
    const dialog = app.page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /Take a snapshot first/ }).uncheck();
    await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await app.sandbox('instant').expectState('running');
    await app.main.getByRole('link', { name: 'Overview', exact: true }).click();
    await expect(app.main.getByText(/, resumed$/).first()).toBeVisible();
  });

  test('branches go on beside each other, each with its name', async ({ app, host }) => {
    await app.createStarter('stem');
    await app.terminals.run('echo here > /root/file; sync');
    await app.snapshots.open();
    await app.snapshots.take('fork');
    await app.snapshots.act('fork', 'Branch');
    const dialog = app.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'How many' }).fill('2');
    await expect(dialog.getByRole('textbox', { name: 'Names' })).toHaveValue('stem-2\nstem-3');
    await dialog.getByRole('textbox', { name: 'Names' }).fill('stem\nleaf');
    await expect(dialog).toContainText('The name "stem" is taken.');
    await dialog.getByRole('textbox', { name: 'Names' }).fill('leaf-a\nleaf-b');
    await dialog.getByRole('button', { name: 'Make 2 branches' }).click();
    for (const name of ['leaf-a', 'leaf-b']) {
      await expect(app.sidebar.getByRole('link', { name: `running ${name}` })).toBeVisible();
      const said = await host.cli('exec', name, '--', 'sh', '-c', 'cat /root/file; hostname');
      expect(said.stdout).toBe(`here\n${name}\n`);
    }
    await expect(app.snapshots.item('leaf-a')).toBeVisible();
    await app.snapshots.item('leaf-a').click();
    await app.snapshots.chosen.getByRole('link', { name: 'Open leaf-a' }).click();
    await expect(app.sandbox('leaf-a').heading).toHaveText('leaf-a');
  });

  test('says which files differ', async ({ app }) => {
    await app.createStarter('differs');
    await app.snapshots.open();
    await app.snapshots.take('before', { withMemory: false });
    await app.terminals.run('echo new > /root/added; sync');
    await app.snapshots.act('before', 'Changes since');
    const { comparison } = app.snapshots;
    await expect(comparison.getByRole('listitem').filter({ hasText: '/root/added' })).toContainText(
      'added',
    );
    await expectNoViolations(app.page, 'a comparison of snapshots');
    await comparison.getByRole('button', { name: 'Close the comparison' }).click();
    await expect(comparison).toHaveCount(0);
  });

  test('the tree is gone through, renamed in and removed from by keys', async ({ app, host }) => {
    await app.createStarter('keys');
    await app.snapshots.open();
    await app.snapshots.take('one', { withMemory: false });
    await app.snapshots.take('two', { withMemory: false });
    const { tree } = app.snapshots;
    await tree.focus();
    const chosen = tree.locator('[aria-selected="true"]');
    const press = (key: string) => app.page.keyboard.press(key);
    await press('Home');
    await expect(chosen).toContainText('Beginning');
    await press('ArrowDown');
    await expect(chosen).toContainText('one');
    await press('F2');
    const field = tree.getByRole('textbox', { name: 'New name of one' });
    await field.fill('two');
    await press('Enter');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await field.fill('uno');
    await press('Enter');
    await expect(app.snapshots.item('uno')).toBeVisible();
    await expect(tree).toBeFocused();
    await press('Delete');
    const dialog = app.page.getByRole('alertdialog');
    await expect(dialog).toContainText('are free then');
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await expect(app.snapshots.item('uno')).toHaveCount(0);
    await expect(app.snapshots.item('two')).toBeVisible();
    await press('End');
    await expect(chosen).toContainText('here');
    expect((await host.cli('ls', '--json')).code).toBe(0);
  });
});
