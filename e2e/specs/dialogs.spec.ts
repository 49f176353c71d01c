import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';
import type { AppWindow } from '../pages/app-window.ts';

/** Opens with the key what a button opens, looks, leaves it, and is back on the button. */
async function visit(page: Page, opener: Locator, shown: Locator, where: string): Promise<void> {
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(shown, where).toBeVisible();
  await expectNoViolations(page, where);
  await page.keyboard.press('Escape');
  await expect(shown, where).toHaveCount(0);
  await expect(opener, `the keyboard after ${where}`).toBeFocused();
}

/** The same for what an entry of a menu opens. */
async function visitByMenu(
  page: Page,
  opener: Locator,
  entries: readonly [entry: string, title: RegExp][],
): Promise<void> {
  await visit(page, opener, page.getByRole('menu'), 'the menu');
  for (const [entry, title] of entries) {
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: entry, exact: true }).focus();
    await page.keyboard.press('Enter');
    const dialog = page
      .getByRole('dialog', { name: title })
      .or(page.getByRole('alertdialog', { name: title }));
    await expect(dialog, entry).toBeVisible();
    await expectNoViolations(page, entry);
    await page.keyboard.press('Escape');
    await expect(dialog, entry).toHaveCount(0);
    await expect(opener, `the keyboard after ${entry}`).toBeFocused();
  }
}

async function open(app: AppWindow, hash: string): Promise<void> {
  await app.page.evaluate((address) => {
    window.location.hash = address;
  }, hash);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`${colorScheme} dialogs and menus pass axe and give the keyboard back`, () => {
    test.use({ colorScheme });
    test.slow();

    test.beforeEach(async ({ host }) => {
      await host.cli('create', 'asked', '--image', 'skerry/starter');
    });

    test('of a sandbox, its files and its log', async ({ app, host }) => {
      const { page, main, files } = app;
      const button = (name: string) => main.getByRole('button', { name, exact: true });
      await open(app, '#/sandboxes/asked');
      await visitByMenu(page, button('More'), [
        ['Duplicate…', /asked/],
        ['Save as image…', /asked/],
        ['Remove…', /asked/],
      ]);
      await host.cli('exec', 'asked', '--', 'sh', '-c', 'echo text > /root/note.txt');
      await open(app, '#/sandboxes/asked/files?path=%2Froot');
      await visitByMenu(page, button('New'), [
        ['New folder…', /New folder/],
        ['New file…', /New file/],
      ]);
      await visit(page, button('Upload'), page.getByRole('menu'), 'Upload');
      await files.row('note.txt').click();
      await visitByMenu(page, button('More actions'), [
        ['Permissions…', /note\.txt/],
        ['Delete…', /note\.txt/],
      ]);
      await open(app, '#/sandboxes/asked/logs');
      await visitByMenu(page, button('More for the log'), [['Clear…', /asked/]]);
    });

    test('of images', async ({ app }) => {
      const { page, main } = app;
      const button = (name: string) => main.getByRole('button', { name, exact: true });
      await open(app, '#/images');
      for (const name of ['Import…', 'Build…', 'Prune…']) {
        await visit(page, button(name), page.getByRole('dialog'), name);
      }
      await visitByMenu(page, button('Actions for skerry/starter'), [
        ['Tag…', /skerry\/starter/],
        ['Push…', /skerry\/starter/],
        ['Export…', /skerry\/starter/],
        ['Remove…', /skerry\/starter/],
      ]);
    });

    test('of the list, the window and its terminals', async ({ app }) => {
      const { page, main } = app;
      const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
      const button = (name: string) => main.getByRole('button', { name, exact: true });
      await open(app, '#/');
      await visit(page, button('Remove asked'), page.getByRole('alertdialog'), 'Remove');
      await page.getByRole('checkbox', { name: 'Select asked', exact: true }).press('Space');
      const remove = main.getByRole('toolbar').getByRole('button', { name: /^Remove/ });
      await visit(page, remove, page.getByRole('alertdialog'), 'Remove several');
      await open(app, '#/host');
      await visit(page, button('Diagnostics…'), dialog('Diagnostics'), 'Diagnostics');
      await open(app, '#/settings');
      const shortcuts = button('Show all shortcuts');
      await visit(page, shortcuts, dialog('Keyboard shortcuts'), 'the shortcuts');
      const commands = app.sidebar.getByRole('button', { name: /^Commands/ });
      await visit(page, commands, dialog('Commands'), 'the palette');
      await open(app, '#/sandboxes/asked');
      await button('Terminal').press('Enter');
      await app.terminals.expectPrompt();
      const newTerminal = app.terminals.button('New terminal');
      await visit(page, newTerminal, page.getByRole('menu'), 'New terminal');
      const tab = app.terminals.region.getByRole('tab').first();
      await tab.focus();
      await page.keyboard.press('Shift+F10');
      await expect(page.getByRole('menu')).toBeVisible();
      await expectNoViolations(page, 'the menu of a tab');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('menu')).toHaveCount(0);
      await expect(tab).toBeFocused();
    });
  });
}
