/** The way out of the window; that a terminal really opens is tested where there is a display. */
import type { Locator } from '@playwright/test';
import { expect, test } from '../fixtures/test.ts';

test('a terminal of the desktop that does not open says why, where it was asked for', async ({
  app,
  host,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const created = await host.cli('create', 'web', '--image', 'skerry/starter');
  expect(created.stderr).toBe('');
  await app.goTo('Settings');
  await app.main.getByRole('textbox', { name: 'System terminal' }).fill('no-such-emulator');

  const expectReason = async (alert: Locator) => {
    await expect(alert).toContainText(/terminal\/no-(display|emulator)/);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await alert.getByRole('button', { name: 'Copy command' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe('skerry shell web');
  };
  await app.command('Open web in the system');
  await expect(app.main.getByRole('heading', { level: 1 })).toHaveText('web');
  await expectReason(app.main.getByRole('alert'));
  await app.main.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();

  await app.main.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Open in the system’s own terminal' }).click();
  await expectReason(app.main.getByRole('alert'));
  await app.main.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();

  await app.main.getByRole('button', { name: 'Terminal', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Terminals' });
  await expect(panel.locator('.xterm')).toBeVisible();
  await panel.locator('.xterm').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Open in the system’s own terminal' }).click();
  await expectReason(panel.getByRole('alert'));
});
