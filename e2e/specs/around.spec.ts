import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

/** Nobody listens there, so that a pull fails at once. */
const unreachable = 'localhost:1/nothing:1';

test.describe('commands', () => {
  test('run by keyboard alone, and what was done is first the next time', async ({ app }) => {
    const { page, main, palette } = app;
    await app.goTo('Tasks');
    await app.command('go volum');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('Volumes');
    await page.keyboard.press('Control+k');
    await expect(palette.getByRole('option').first()).toHaveText('Go to VolumesGV');
    await page.keyboard.press('Escape');
    await app.command('theme dark');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await app.command('collapse');
    await expect(page.getByRole('button', { name: 'Expand sidebar' })).toBeVisible();
  });

  test('have keys, which ? lists and which nobody takes who types', async ({ app }) => {
    const { page, main } = app;
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await app.goTo('Tasks');
    await page.keyboard.press('?');
    await expect(sheet.getByRole('group', { name: 'Pages' })).toContainText('Go to Images');
    await expect(sheet.getByRole('group', { name: 'In files' })).toContainText('RenameF2');
    await page.keyboard.press('Escape');
    await expect(sheet).toHaveCount(0);
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('Images');
    await page.keyboard.press('n');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('New sandbox');
    await app.create.name.fill('');
    await app.create.name.pressSequentially('n?g');
    await expect(app.create.name).toHaveValue('n?g');
    await expect(sheet).toHaveCount(0);
    await page.keyboard.press('Control+,');
    await main.getByRole('checkbox', { name: /^Commands by single keys/ }).uncheck();
    await main.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.keyboard.press('Control+,');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText('Settings');
  });
});

test('the settings speak German at once, and English again', async ({ app }) => {
  const { page, main } = app;
  await app.goTo('Settings');
  await main.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Einstellungen');
  await expect(page.getByRole('navigation', { name: 'Hauptnavigation' })).toContainText('Aufgaben');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.reload();
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Einstellungen');
  await main.getByRole('button', { name: 'Zurück zum Standard: Darstellung' }).click();
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Settings');
  await expect(main.getByRole('combobox', { name: 'Language' })).toHaveValue('system');
});

test.describe('the host page', () => {
  test('looks again at one check and at all', async ({ app, host }) => {
    await app.goTo('Host');
    const check = app.main.getByRole('listitem').filter({ hasText: 'State directory' });
    await expect(check).toContainText('can be written');
    await rename(host.home, `${host.home}-away`);
    try {
      await check.getByRole('button', { name: 'Re-check: State directory' }).click();
      await expect(check).toContainText('does not exist yet');
      await expect(check.getByRole('button', { name: /^Re-check/ })).toBeFocused();
    } finally {
      await rename(`${host.home}-away`, host.home);
    }
    await app.main.getByRole('button', { name: 'Re-check', exact: true }).click();
    await expect(check).toContainText('can be written');
  });

  test.describe('at the first start', () => {
    test.use({ isFirstRun: true });

    test('comes before anything else where something is worth knowing, once', async ({
      app,
      host,
    }) => {
      const { main, page } = app;
      const report = JSON.parse((await host.cli('doctor', '--json')).stdout) as {
        checks: { id: string; result: string }[];
      };
      const isWorthKnowing = report.checks.some(
        ({ id, result }) =>
          result === 'fail' || (result === 'warn' && ['kvm', 'disk-space'].includes(id)),
      );
      test.skip(!isWorthKnowing, 'Everything passes on this machine.');
      await main.getByRole('button', { name: 'Continue' }).click();
      await expect(main.getByRole('heading', { level: 1 })).not.toHaveText('Host');
      await page.reload();
      await expect(app.sidebar.getByRole('link', { name: /^Host/ })).toBeVisible();
      await expect(main.getByRole('button', { name: 'Create' })).toBeVisible();
    });
  });
});

test('diagnostics are shown before they are saved, without a secret', async ({ app, host }) => {
  const secret = 'planted-5ecret';
  const token = new URL(host.url).searchParams.get('token') ?? '';
  expect(token).not.toBe('');
  const created = await host.cli(
    ...['create', 'holder', '--image', 'skerry/starter', '-e', `API_KEY=${secret}`],
  );
  expect(created).toMatchObject({ code: 0 });
  // The guest writes it where the host keeps what it says.
  await host.cli('exec', 'holder', '--', 'sh', '-c', `echo ${secret} > /dev/console`);
  // What the guest said is where the bundle takes it from.
  const { id } = JSON.parse((await host.cli('inspect', 'holder', '--json')).stdout) as {
    id: string;
  };
  const consoleLog = path.join(host.home, 'sandboxes', id, 'console.log');
  expect(await readFile(consoleLog, 'utf8')).toContain(secret);
  await app.goTo('Host');
  await app.main.getByRole('button', { name: 'Diagnostics…' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'Diagnostics' });
  const files = dialog.getByRole('list', { name: 'Files' }).getByRole('button');
  await expect(files.filter({ hasText: 'sandboxes/holder/console.log' })).toHaveCount(1);
  let shown = '';
  for (const file of await files.all()) {
    await file.click();
    shown += await dialog.getByRole('region').innerText();
  }
  expect(shown).toContain('"API_KEY": "[redacted]"');
  const downloading = app.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as tar' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^skerry-diagnostics-.*\.tar$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const saved = Buffer.concat(chunks).toString();
  expect(saved).toContain('sandboxes/holder/console.log');
  const { stdout: printed } = await host.cli('diagnostics', '-o', '-');
  expect(printed).toContain('sandboxes/holder/console.log');
  for (const text of [shown, saved, printed]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(token);
  }
});

test.describe('what ends elsewhere', () => {
  test('is pointed to by a notice, which the keyboard reaches', async ({ app, host }) => {
    const { page, main, notices } = app;
    await app.goTo('Sandboxes');
    await host.cli('pull', unreachable);
    await expect(notices).toContainText(`Pull ${unreachable}: failed`);
    await expect(app.sidebar.getByRole('link', { name: /^Tasks/ })).toContainText('failed');
    await page.keyboard.press('F6');
    await expect(notices).toBeFocused();
    await notices.getByRole('button', { name: 'Show' }).focus();
    await page.keyboard.press('Enter');
    const task = app.task(`Pull ${unreachable}`);
    await expect(task).toBeFocused();
    await expect(task.getByRole('button', { name: 'Copy report' })).toBeVisible();
    await expect(notices.getByText(unreachable)).toHaveCount(0);
    await expect(app.sidebar.getByRole('link', { name: 'Tasks', exact: true })).toBeVisible();
    await main.getByRole('button', { name: 'Clear ended' }).click();
    await expect(task).toHaveCount(0);
    await page.reload();
    await expect(main).toContainText('Nothing runs');
  });

  test('is said by the system while nobody looks, as the settings want', async ({ app, host }) => {
    const { page, main } = app;
    await page.addInitScript(() => {
      const said: string[] = [];
      class FakeNotification extends EventTarget {
        static readonly permission = 'granted';
        constructor(title: string) {
          super();
          said.push(title);
        }
        close(): void {
          said.push('closed');
        }
      }
      Object.assign(window, { Notification: FakeNotification, said });
      document.hasFocus = () => false;
    });
    const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
    await page.reload();
    await app.goTo('Tasks');
    await host.cli('pull', unreachable);
    await expect(app.task(`Pull ${unreachable}`)).toBeVisible();
    await expect.poll(said).toEqual([`Pull ${unreachable}: failed`]);
    await app.goTo('Settings');
    await main.getByRole('checkbox', { name: /^Work that has ended/ }).uncheck();
    const other = 'localhost:1/other:1';
    await host.cli('pull', other);
    await expect(app.notices).toContainText(`Pull ${other}: failed`);
    expect(await said()).toHaveLength(1);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`around the pages, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('axe finds nothing', async ({ app, host }) => {
      const { page, palette } = app;
      await app.goTo('Settings');
      await expectNoViolations(app.page, 'around the pages');
      await page.keyboard.press('Control+k');
      await palette.getByRole('combobox').fill('go');
      await expectNoViolations(app.page, 'around the pages');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Show all shortcuts' }).click();
      await expectNoViolations(app.page, 'around the pages');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Diagnostics…' }).click();
      await expect(page.getByRole('list', { name: 'Files' })).toBeVisible();
      await expectNoViolations(app.page, 'around the pages');
      await page.keyboard.press('Escape');
      await host.cli('pull', unreachable);
      await expect(app.notices).toContainText('failed');
      await expectNoViolations(app.page, 'around the pages');
      await app.goTo('Tasks');
      await expectNoViolations(app.page, 'around the pages');
    });
  });
}
