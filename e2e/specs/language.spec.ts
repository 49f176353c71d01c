import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';
import type { AppWindow } from '../pages/app-window.ts';

/** Pages by their address: what the sidebar calls them is in another language as well. */
const pages = [
  ['#/', 'Die erste Sandbox'],
  ['#/new', 'Neue Sandbox'],
  ['#/images', 'Images'],
  ['#/disk', 'Images'],
  ['#/registries', 'Registries'],
  ['#/volumes', 'Volumes'],
] as const;

async function open(app: AppWindow, hash: string): Promise<void> {
  await app.page.evaluate((address) => {
    window.location.hash = address;
  }, hash);
}

/** Whoever speaks German sees a German window, without a setting. */
test.describe('a German system', () => {
  test.use({ locale: 'de-DE', viewport: { width: 900, height: 600 } });

  test('has a German window from the start, which axe finds nothing in and nothing runs out of', async ({
    app,
  }) => {
    const { page } = app;
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    for (const [hash, heading] of pages) {
      await open(app, hash);
      await expect(app.main.getByRole('heading', { name: heading, exact: true })).toBeVisible();
      await app.main.locator('details').evaluateAll((all) => {
        for (const one of all) one.setAttribute('open', '');
      });
      await expectNoViolations(page, hash);
      const beyond = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(beyond, hash).toBeLessThanOrEqual(0);
    }
  });

  test('reads in German what is wrong: with a field, and what the host answers', async ({
    app,
  }) => {
    await open(app, '#/new');
    const name = app.main.getByRole('textbox', { name: 'Name', exact: true });
    await expect(name).not.toHaveValue('');
    await name.fill('-x');
    await expect(app.main).toContainText(
      'Ein Name beginnt mit einem Buchstaben oder einer Ziffer.',
    );
    await app.main.getByRole('textbox', { name: 'CPUs' }).fill('0');
    await expect(app.main).toContainText('CPUs müssen eine ganze Zahl von 1 bis 64 sein.');

    await open(app, '#/registries');
    await app.main.getByRole('button', { name: 'Registry hinzufügen' }).click();
    const form = app.main.getByRole('form', { name: 'Eine Registry hinzufügen' });
    await form.getByLabel('Registry', { exact: true }).fill('localhost:1');
    await form.getByLabel('Benutzer').fill('ci');
    await form.getByLabel('Passwort').fill('secret');
    await form.getByLabel('Trotzdem in diese Datei schreiben').check();
    await form.getByRole('button', { name: 'Anmelden und speichern' }).click();
    const refusal = form.getByRole('alert', { name: 'Die Registry ist nicht erreichbar' });
    await expect(refusal).toContainText('registry/unreachable');
    await expect(refusal).toContainText('Den Namen der Registry und das Netzwerk prüfen.');
  });

  test('has an English window where the settings say so', async ({ app }) => {
    const { page } = app;
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await page.evaluate(() => {
      const settings = { state: { language: 'en' }, version: 1 };
      localStorage.setItem('skerry.settings', JSON.stringify(settings));
    });
    await page.reload();
    await open(app, '#/new');
    await expect(app.main.getByRole('heading', { name: 'New sandbox' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });
});

test('an English system has an English window', async ({ app }) => {
  await expect(app.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(app.main.getByRole('heading', { name: 'Your first sandbox' })).toBeVisible();
});
