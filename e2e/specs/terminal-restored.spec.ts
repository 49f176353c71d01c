import { expect, test } from '../fixtures/test.ts';

test.describe('a terminal that is shown anew', () => {
  test('has its title, its prompts and the screen of the program in it', async ({ app }) => {
    const { terminals, page } = app;
    await app.createStarter('again');

    await test.step('titles and prompts come back', async () => {
      // As a shell with FinalTerm marks (OSC 133) does, with much output after each prompt.
      const prompts = String.raw`for n in 1 2 3; do printf '\033]133;A\007prompt-%s\n' $n; seq 1 90; done; printf '\033]2;a title of its own\007'; echo "all three"" prompts"`;
      await terminals.run(prompts);
      await terminals.expectText('all three prompts');
      await page.reload();
      await terminals.expectText('all three prompts');
      await expect(terminals.tab('again: a title of its own')).toBeVisible();
      await terminals.input.focus();
      await page.keyboard.press('Control+Shift+ArrowUp');
      await terminals.expectText(/^prompt-3/);
      await page.keyboard.press('Control+Shift+ArrowUp');
      await terminals.expectText(/^prompt-2/);
      await page.keyboard.press('Control+Shift+ArrowDown');
      await terminals.expectText(/^prompt-3/);
    });

    await test.step('an editor stays, and leaves the screen of before', async () => {
      await terminals.run(
        String.raw`clear; printf 'edited\nbefore' > /tmp/text; echo "before"" vi"`,
      );
      await terminals.expectText('before vi');
      await terminals.run('vi /tmp/text');
      await terminals.expectText(/^edited/);
      await page.reload();
      await terminals.expectText(/^edited/);
      await expect(terminals.screen).not.toContainText('before vi');
      await terminals.input.focus();
      await page.keyboard.type('ddiafter ');
      await page.keyboard.press('Escape');
      await terminals.expectText(/^after before/);
      await terminals.run(':wq');
      await terminals.expectText('before vi');
      await terminals.run('echo "now: $(cat /tmp/text)"');
      await terminals.expectText('now: after before');
    });
  });
});

test.describe('the prompts of the starter', () => {
  test('are gone through and their output is copied, and nobody set that up', async ({ app }) => {
    const { terminals, page } = app;
    await app.createStarter('marks');
    await terminals.run('seq 1 90');
    await terminals.expectText('90');
    await terminals.run('seq 101 190');
    await terminals.expectText('190');
    await terminals.run('echo "the last"" output"');
    await terminals.expectText('the last output');
    await terminals.copyLastOutput();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('the last output\n');

    await page.keyboard.press('Control+Shift+ArrowUp');
    await terminals.expectText(/^\S*# seq 101 190/);
    await page.reload();
    await terminals.expectText('the last output');
    await terminals.input.focus();
    await page.keyboard.press('Control+Shift+ArrowUp');
    await terminals.expectText(/^\S*# seq 101 190/);
    await page.keyboard.press('Control+Shift+ArrowUp');
    await terminals.expectText(/^\S*# seq 1 90/);
  });
});

test.describe('terminals of one tab', () => {
  test('hear what is typed for all of them, where that was asked for', async ({ app }) => {
    const { terminals, page } = app;
    await app.createStarter('all');
    await terminals.expectPrompt();
    await terminals.split('right');
    await page.keyboard.press('Control+Shift+B');
    await terminals.run('echo "for"" both"');
    await expect(terminals.screenOf(0)).toContainText('for both');
    await expect(terminals.screenOf(1)).toContainText('for both');
    await page.keyboard.press('Control+Shift+B');
    await terminals.run('clear; echo "for"" one"');
    await expect(terminals.screenOf(1)).toContainText('for one');
    await expect(terminals.screenOf(0)).not.toContainText('for one');
  });
});
