/** The pages of the window for `npm run screenshots`: their addresses, and what is done there first. */

/** Curves of a minute begin when they are first looked at. */
const someSeconds = (page) => page.waitForTimeout(9_000);

/** Words differ by the language of the pictures; keys do not. */
const keys = async (page, ...strokes) => {
  for (const stroke of strokes) {
    await page.keyboard.press(stroke);
    await page.waitForTimeout(500);
  }
};

/** Three terminals beside each other, each divided again. */
const sixTerminals = async (page) => {
  await page.locator('header button').last().click();
  await page.locator('.xterm-helper-textarea').first().waitFor({ state: 'attached' });
  await keys(page, 'Control+Shift+E', 'Control+Shift+E');
  await keys(page, 'Control+Shift+O', 'Alt+Shift+ArrowLeft', 'Control+Shift+O');
  await keys(page, 'Alt+Shift+ArrowLeft', 'Control+Shift+O');
  await page.keyboard.type('ls\n');
  await page.waitForTimeout(1_000);
};

const runLines = async (page) => {
  for (const line of ['echo built', 'seq 1 40', 'false']) {
    await page.locator('.run-line input').fill(line);
    await keys(page, 'Enter');
    await page.waitForTimeout(1_500);
  }
};

/** Whatever can be stopped and started has an operation that the task centre lists. */
const someTasks = async (page) => {
  await page.locator('.pull-form input, form input').first().fill('registry.example/tools/other:1');
  await keys(page, 'Enter');
  await page.waitForTimeout(1_500);
  await page.locator('.sidebar-brand').focus();
  await keys(page, 'g', 't');
};

/** The third snapshot of the tree: it has a memory, and something was branched from it. */
const chooseSnapshot = async (page) => {
  await page.locator('.snapshot-item').nth(3).click();
};

const sandbox = (section) => `#/sandboxes/web-api${section === '' ? '' : `/${section}`}`;

/**
 * @type {readonly {
 *   name: string,
 *   hash: string,
 *   isFirstRun?: boolean,
 *   scene?: 'empty' | 'some' | 'many',
 *   isFirstRun?: boolean,
 *   prepare?: (page: import('@playwright/test').Page) => Promise<void>,
 * }[]}
 */
export const pages = [
  { name: 'first-run', hash: '#/', scene: 'empty', isFirstRun: true },
  { name: 'first-window', hash: '#/', scene: 'empty' },
  { name: 'home', hash: '#/', prepare: someSeconds },
  { name: 'home-many', hash: '#/', scene: 'many', prepare: someSeconds },
  { name: 'create', hash: '#/new' },
  { name: 'sandbox', hash: sandbox(''), prepare: someSeconds },
  {
    name: 'boot',
    hash: sandbox(''),
    prepare: (page) => page.locator('main details > summary').last().click(),
  },
  { name: 'terminals', hash: sandbox(''), prepare: sixTerminals },
  { name: 'palette', hash: sandbox(''), prepare: (page) => keys(page, 'Control+k') },
  { name: 'shortcuts', hash: sandbox(''), prepare: (page) => keys(page, '?') },
  { name: 'network', hash: sandbox('network'), prepare: someSeconds },
  { name: 'files', hash: sandbox('files') },
  { name: 'file', hash: `${sandbox('files')}?path=${encodeURIComponent('/root/app/server.py')}` },
  { name: 'logs', hash: sandbox('logs') },
  {
    name: 'stats',
    hash: sandbox('stats'),
    prepare: (page) => page.locator('.uplot').last().waitFor(),
  },
  { name: 'commands', hash: sandbox('commands'), prepare: runLines },
  { name: 'snapshots', hash: sandbox('snapshots'), prepare: chooseSnapshot },
  {
    name: 'snapshot-changes',
    hash: sandbox('snapshots'),
    prepare: async (page) => {
      await chooseSnapshot(page);
      await page.locator('.snapshot-actions button').nth(3).click();
      await page.locator('.changed-row').first().waitFor();
    },
  },
  {
    name: 'restore',
    hash: sandbox('snapshots'),
    prepare: async (page) => {
      await chooseSnapshot(page);
      await keys(page, 'Enter');
    },
  },
  {
    name: 'branch',
    hash: sandbox('snapshots'),
    prepare: (page) => page.locator('.snapshots-bar button').nth(1).click(),
  },
  { name: 'no-snapshots', hash: '#/sandboxes/scratch/snapshots' },
  { name: 'paused', hash: '#/sandboxes/web-api-2' },
  { name: 'paused-files', hash: '#/sandboxes/web-api-2/files' },
  { name: 'suspended', hash: '#/sandboxes/nightly' },
  {
    name: 'paused-terminal',
    hash: '#/sandboxes/scratch',
    prepare: async (page) => {
      await page.locator('header button').last().click();
      await page.locator('.xterm-helper-textarea').first().waitFor({ state: 'attached' });
      await page.locator('header .icon-button').last().click();
      await page.locator('.menu-item').first().click();
      await page.locator('.terminal-standstill').waitFor();
    },
  },
  { name: 'config', hash: sandbox('config') },
  { name: 'edit', hash: sandbox('edit') },
  { name: 'images', hash: '#/images' },
  { name: 'image', hash: `#/images/${encodeURIComponent('python:3.12')}/layers` },
  { name: 'disk', hash: '#/disk' },
  { name: 'registries', hash: '#/registries' },
  {
    name: 'dialog',
    hash: '#/images',
    prepare: (page) => page.locator('header button').last().click(),
  },
  { name: 'volumes', hash: '#/volumes' },
  { name: 'host', hash: '#/host' },
  { name: 'settings', hash: '#/settings' },
  { name: 'tasks', hash: '#/images', prepare: someTasks },
];
