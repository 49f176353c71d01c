import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBusyboxImage } from '../../main/engine/testing/images.ts';
import { startRegistry, type TestRegistry } from '../../main/engine/testing/registry.ts';
import { expect, test } from '../fixtures/test.ts';

test.describe('images of a registry', () => {
  let dir = '';
  let registry: TestRegistry;
  let reference = '';
  test.beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'skerry-e2e-image-'));
    registry = await startRegistry();
    await writeBusyboxImage(dir, { refName: 'latest' });
    reference = await registry.push(dir, 'latest', 'team/box:1');
  });
  test.afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  test('are pulled, listed and booted', async ({ app, host }) => {
    await app.goTo('Images');
    await app.images.pull(reference);
    await expect(app.images.table).toContainText(reference);
    const images = JSON.parse((await host.cli('images', '--json')).stdout) as object[];
    expect(images).toContainEqual(expect.objectContaining({ reference }));
    await app.images.table.getByRole('link', { name: `New sandbox from ${reference}` }).click();
    await app.create.name.fill('from-registry');
    await app.create.submit();
    await app.terminals.expectPrompt();
  });

  test('that are not there are named, with what to do', async ({ app }) => {
    await app.goTo('New sandbox');
    await app.create.image.fill(`${registry.host}/team/missing:1`);
    await app.create.name.fill('missing');
    await app.create.submit();
    const page = app.sandbox('missing');
    await expect(page.heading).toContainText('missing was not created');
    await expect(page.error).toContainText('image/not-found');
    await expect(page.error).toContainText(`${registry.host}/team/missing:1`);
    await expect(page.button('Copy report')).toBeVisible();
    await expect(app.sidebar.getByRole('link', { name: /missing/ })).toHaveCount(0);
  });
});

test('a creation can be cancelled and leaves nothing', async ({ app, host }) => {
  await app.goTo('New sandbox');
  await app.create.name.fill('never');
  await app.create.submit();
  await app.main.getByRole('button', { name: 'Cancel' }).click();
  await expect(app.sidebar.getByRole('link', { name: /never/ })).toHaveCount(0);
  expect((await host.cli('ls', '--json')).stdout.trim()).toBe('[]');
});
