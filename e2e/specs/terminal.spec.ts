import { expect, test } from '../fixtures/test.ts';

test.describe('a terminal', () => {
  test('is exact, interruptible, searchable and says how it ended', async ({ app }) => {
    await app.createStarter('term');
    const { terminals, page } = app;

    await test.step('a flood ends at once with Ctrl+C', async () => {
      await terminals.run('yes flooding');
      await terminals.expectText('flooding');
      await page.keyboard.press('Control+c');
      await terminals.run('clear; echo "after the flood"');
      await terminals.expectText('after the flood');
    });

    await test.step('characters of several bytes arrive whole', async () => {
      await terminals.run(String.raw`clear; printf '\303\244\342\202\254\360\237\220\232 end\n'`);
      await terminals.expectText('ä€🐚 end');
    });

    await test.step('the guest knows the size of the screen, also after a change', async () => {
      await terminals.run('clear; stty size | tr " " x');
      await terminals.expectText(/\d+x\d+/);
      const before = /(\d+)x\d+/.exec((await terminals.screen.textContent()) ?? '')?.[1];
      await terminals.region.getByRole('button', { name: 'Maximise panel' }).click();
      await expect(async () => {
        await terminals.run('clear; stty size | tr " " x');
        await expect(terminals.screen).toContainText(/\d+x\d+/, { timeout: 2_000 });
        const after = /(\d+)x\d+/.exec((await terminals.screen.textContent()) ?? '')?.[1];
        expect(Number(after)).toBeGreaterThan(Number(before));
      }).toPass();
      await terminals.region.getByRole('button', { name: 'Restore panel' }).click();
    });

    await test.step('text is found', async () => {
      await terminals.run('clear; for i in 1 2 3; do echo "needle"; done');
      await terminals.expectText('needle');
      await page.keyboard.press('Control+Shift+F');
      const find = terminals.region.getByRole('textbox', { name: 'Find in terminal' });
      await find.fill('needle');
      await expect(terminals.region.getByText(/^\d+ of \d+$/)).toBeVisible();
      await page.keyboard.press('Escape');
    });

    await test.step('several lines are not pasted into a shell unseen', async () => {
      await page.evaluate(() => navigator.clipboard.writeText('echo one\necho two\n'));
      await terminals.input.focus();
      await page.keyboard.press('Control+Shift+v');
      const dialog = page.getByRole('alertdialog');
      await expect(dialog).toBeVisible();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    });

    await test.step('its end is shown in place, with a way to begin again', async () => {
      await terminals.run('exit 3');
      await expect(terminals.region.getByRole('status')).toContainText('3');
      await terminals.region.getByRole('button', { name: 'Restart' }).click();
      await terminals.run('echo "second life"');
      await terminals.expectText('second life');
    });
  });

  test('is one key away', async ({ app }) => {
    await app.createStarter('keys');
    await app.page.keyboard.press('Control+`');
    await expect(app.terminals.region).toBeHidden();
    await app.page.keyboard.press('Control+`');
    await expect(app.terminals.input).toBeFocused();
  });

  test('gets another name, and its shell nothing of the keys for that', async ({ app }) => {
    const { terminals, page } = app;
    await app.createStarter('named');
    await terminals.input.focus();
    await page.keyboard.type('echo "ran"" by itself"');
    await terminals.tab('named: sh').focus();
    await page.keyboard.press('F2');
    await terminals.region.getByRole('textbox', { name: 'Name of the tab' }).fill('builds');
    await page.keyboard.press('Enter');
    await expect(terminals.tab('builds')).toBeVisible();
    await expect(terminals.input).toBeFocused();
    await page.keyboard.press('Control+u');
    await terminals.run('echo "after"" that"');
    await terminals.expectText('after that');
    await expect(terminals.screen).not.toContainText('ran by itself');
  });
});
