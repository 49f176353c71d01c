import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';
import type { AppWindow } from '../pages/app-window.ts';

/** Opens a page by its address, and waits for its heading. */
async function open(app: AppWindow, hash: string): Promise<void> {
  await app.page.evaluate((address) => {
    window.location.hash = address;
  }, hash);
  await expect(app.main.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Unfolds whatever is folded, and looks. */
async function look(app: AppWindow, where: string): Promise<void> {
  await app.main.locator('details').evaluateAll((all) => {
    for (const one of all) one.setAttribute('open', '');
  });
  await expectNoViolations(app.page, where);
}

const image = `#/images/${encodeURIComponent('skerry/starter')}`;

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`the ${colorScheme} window`, () => {
    test.use({ colorScheme });
    test.slow();

    test('has nothing that axe finds, on any page', async ({ app }) => {
      await look(app, 'the first window');
      for (const hash of [
        ...['#/new', '#/images', '#/disk', '#/registries', '#/volumes', '#/host', '#/settings'],
        ...['#/tasks', '#/sandboxes/nobody', '#/images/nothing'],
      ]) {
        await open(app, hash);
        if (hash === '#/new') await app.create.openEverything();
        await look(app, hash);
      }
    });

    test('has nothing that axe finds, on the pages that a sandbox is on', async ({ app }) => {
      await app.createStarter('seen');
      await look(app, 'the overview, beside a terminal');
      for (const hash of [
        ...[
          '#/tasks',
          image,
          `${image}/layers`,
          `${image}/history`,
          `${image}/sandboxes`,
          '#/disk',
        ],
        ...['#/sandboxes/seen/edit', '#/'],
      ]) {
        await open(app, hash);
        await look(app, hash);
      }
    });

    test('has nothing that axe finds, in any section of a sandbox', async ({ app, host }) => {
      const { main, files } = app;
      await app.createStarter('seen');
      await host.cli('exec', 'seen', '--', 'sh', '-c', 'echo out; echo err >&2; echo x > /root/x');
      const section = '#/sandboxes/seen';
      await open(app, `${section}/network`);
      await app.network.ask('10.0.0.1');
      await expect(app.network.question).toContainText('Denied');
      await look(app, 'Network');
      await open(app, `${section}/files?path=%2Froot`);
      await files.row('x').click();
      await look(app, 'Files');
      await files.row('x').dblclick();
      await expect(files.editor).toBeVisible();
      await look(app, 'a file');
      await files.showChanges();
      await expect(files.changes.filter({ hasText: '/root/x' })).toBeVisible();
      await look(app, 'what changed');
      await open(app, `${section}/logs`);
      await expect(main.getByText('skerry-agent: ready')).toBeVisible();
      await look(app, 'Logs');
      await open(app, `${section}/stats`);
      await expect(main.locator('.uplot').first()).toBeVisible();
      await look(app, 'Stats');
      await open(app, `${section}/commands`);
      await expect(main.getByRole('list', { name: 'Runs' })).toBeVisible();
      await look(app, 'Commands');
      await open(app, `${section}/config`);
      await look(app, 'Config');
    });

    test('has nothing that axe finds, while a sandbox is stopped', async ({ app, host }) => {
      const { page } = app;
      const section = '#/sandboxes/seen';
      await host.cli('create', 'seen', '--image', 'skerry/starter');
      await host.cli('stop', 'seen');
      await open(app, section);
      await app.sandbox('seen').expectState('stopped');
      for (const name of ['', '/network', '/files', '/logs', '/stats', '/commands', '/config']) {
        await open(app, `${section}${name}`);
        await look(app, `${section}${name}, stopped`);
      }
      await page.keyboard.press('?');
      await expectNoViolations(page, 'the shortcuts');
    });
  });
}

/** What a system of high contrast draws: no background of ours, and so no state told by one. */
test.describe('high contrast', () => {
  test.use({ forcedColors: 'active', colorScheme: 'dark' });

  test('shows what is selected, and axe finds nothing', async ({ app }) => {
    const { main, files } = app;
    await app.createStarter('seen');
    await open(app, '#/sandboxes/seen/logs');
    const background = (name: string) =>
      main
        .getByRole('button', { name, exact: true })
        .evaluate((chip) => getComputedStyle(chip).backgroundColor);
    await expect(main.getByRole('button', { name: 'All', exact: true })).toBeVisible();
    expect(await background('All')).not.toBe(await background('Agent'));
    const underline = (name: string) =>
      main
        .getByRole('link', { name, exact: true })
        .evaluate((tab) => getComputedStyle(tab).borderBottomColor);
    expect(await underline('Logs')).not.toBe(await underline('Stats'));
    await expectNoViolations(app.page, 'Logs');
    await open(app, '#/sandboxes/seen/files');
    await files.row('etc').click();
    await expect(files.row('etc')).toHaveAttribute('aria-selected', 'true');
    await expectNoViolations(app.page, 'Files');
    for (const hash of ['#/new', '#/host', '#/settings', '#/disk', '#/sandboxes/seen/network']) {
      await open(app, hash);
      await look(app, hash);
    }
  });
});

test.describe('reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('leaves nothing that moves by itself', async ({ app }) => {
    await app.goTo('New sandbox');
    await app.create.name.fill('still');
    await app.create.submit();
    // While stages go on, and once a terminal is there.
    const moving = () =>
      app.page.evaluate(() =>
        document
          .getAnimations()
          .map((one) => (one.effect as KeyframeEffect).target)
          .filter((target) => target?.closest('.xterm') === null)
          .map((target) => target?.outerHTML.slice(0, 120)),
      );
    await expect(app.sandbox('still').stages.first()).toBeVisible();
    expect(await moving()).toEqual([]);
    await app.terminals.expectPrompt();
    expect(await moving()).toEqual([]);
  });
});
