import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/test.ts';
import type { AppWindow } from '../pages/app-window.ts';

async function expectNoViolations(app: AppWindow): Promise<void> {
  const { violations } = await new AxeBuilder({ page: app.page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
  expect(found).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`the ${colorScheme} window`, () => {
    test.use({ colorScheme });

    test('has nothing that axe finds, on any page', async ({ app }) => {
      await expectNoViolations(app);
      for (const name of [
        'New sandbox',
        'Images',
        'Registries',
        'Volumes',
        'Host',
        'Tasks',
      ] as const) {
        await app.goTo(name);
        if (name === 'New sandbox') await app.create.openEverything();
        await expectNoViolations(app);
      }
      // The form keeps what was typed, until the window is loaded anew.
      await app.page.reload();
      await app.createStarter('seen');
      await expectNoViolations(app);
      await app.network.open();
      await app.network.ask('10.0.0.1');
      await expect(app.network.question).toContainText('Denied');
      await expectNoViolations(app);
      await app.sandbox('seen').choose('Edit…');
      await expectNoViolations(app);
      await app.goTo('Sandboxes');
      await expectNoViolations(app);
    });
  });
}

test('a sandbox is made, used and removed by keyboard alone', async ({ app, host }) => {
  const { keyboard } = app.page;
  const create = app.page.getByRole('button', { name: 'Create' });
  await expect(create).toBeEnabled();
  await create.focus();
  await keyboard.press('Enter');
  await app.terminals.expectPrompt();
  await keyboard.type('echo by hand > /root/file\n');
  const [sandbox] = JSON.parse((await host.cli('ls', '--json')).stdout) as { name: string }[];
  const name = sandbox?.name ?? '';
  await expect
    .poll(async () => (await host.cli('exec', name, '--', 'cat', '/root/file')).stdout)
    .toBe('by hand\n');
  await app.sandbox(name).button('More').focus();
  await keyboard.press('Enter');
  await app.page.getByRole('menuitem', { name: /^Remove/ }).focus();
  await keyboard.press('Enter');
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).focus();
  await keyboard.press('Enter');
  await expect(app.sidebar.getByRole('link', { name: new RegExp(name) })).toHaveCount(0);
});
