import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

  test('are pulled in the background, and lead on to a sandbox', async ({ app }) => {
    await app.goTo('Images');
    await app.images.pull(reference);
    await app.goTo('Tasks');
    const task = app.task(`Pull ${reference}`);
    await expect(task).toContainText('succeeded');
    await task.getByRole('link', { name: `New sandbox from ${reference}` }).click();
    await expect(app.create.image).toHaveValue(reference);
    await expect(app.create.form).toContainText('In store: nothing is downloaded.');
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

  test('that could not be pulled all stay in sight until somebody deals with them', async ({
    app,
  }) => {
    const [one, two] = [`${registry.host}/team/none:1`, `${registry.host}/team/none:2`];
    await app.goTo('Images');
    await app.images.pull(one);
    await expect(app.task(`Pull ${one}`)).toContainText('image/not-found');
    await app.images.pull(two);
    await expect(app.task(`Pull ${two}`)).toContainText('image/not-found');
    await app.images.pull(reference);
    await expect(app.images.row(reference)).toBeVisible();
    await expect(app.task(`Pull ${one}`)).toBeVisible();
    await app.main.getByRole('button', { name: `Dismiss: Pull ${one}` }).click();
    await expect(app.task(`Pull ${one}`)).toHaveCount(0);
    await expect(app.task(`Pull ${two}`)).toBeVisible();
  });

  test('that could not be pulled are tried again by a button', async ({ app }) => {
    const late = `${registry.host}/team/late:1`;
    await app.goTo('Images');
    await app.images.pull(late);
    const task = app.task(`Pull ${late}`);
    await expect(task).toContainText('image/not-found');
    await registry.push(dir, 'latest', 'team/late:1');
    await task.getByRole('button', { name: 'Try again' }).click();
    await expect(app.images.row(late)).toBeVisible();
  });

  test('are offered as one types, and chosen by keyboard', async ({ app }) => {
    await registry.push(dir, 'latest', 'team/tags:2.0');
    await registry.push(dir, 'latest', 'team/tags:2.1');
    await app.goTo('Images');
    await app.images.reference.fill(`${registry.host}/team/tags:2`);
    await expect(app.images.suggestions).toContainText([/tags:2\.0/, /tags:2\.1/]);
    await app.images.reference.press('ArrowDown');
    await app.images.reference.press('ArrowDown');
    await app.images.reference.press('Enter');
    await expect(app.images.reference).toHaveValue(/team\/tags:2\.[01]$/);
    await app.images.reference.fill('127.0.0.1:1/team/tags:');
    await expect(app.main).toContainText('No tags:');
    await app.goTo('New sandbox');
    await app.create.image.fill(`${registry.host}/team/tags:2`);
    await expect(app.page.getByRole('option', { name: /tags:2\.1/ })).toBeVisible();
  });

  test.describe('in the store', () => {
    test.beforeEach(async ({ app }) => {
      await app.goTo('Images');
      await app.images.pull(reference);
      await expect(app.images.row(reference)).toBeVisible();
    });

    test('are inspected down to layers, history and users', async ({ app }) => {
      await app.images.table.getByRole('link', { name: reference, exact: true }).click();
      await expect(app.main.getByRole('heading', { level: 1 })).toHaveText(reference);
      await expect(app.main).toContainText('GREETING=hello from the image');
      await expect(app.main).toContainText('/bin/sh');
      await app.main.getByRole('link', { name: 'Layers' }).click();
      await expect(app.main.getByRole('table', { name: 'Layers' })).toContainText('1 of 1');
      await app.main.getByRole('link', { name: 'History' }).click();
      await app.main.getByRole('link', { name: 'Used by' }).click();
      await expect(app.main).toContainText('No sandbox has it as its root.');
    });

    test('have several names, and one that is taken away comes back', async ({ app }) => {
      await app.images.choose(reference, 'Tag…');
      const dialog = app.images.dialog(`Tag ${reference}`);
      await dialog.getByRole('textbox', { name: 'New name' }).fill('box:own');
      await dialog.getByRole('button', { name: 'Tag', exact: true }).click();
      await expect(app.images.row('box:own')).toBeVisible();
      await app.images.choose('box:own', 'Remove…');
      await expect(app.images.row('box:own')).toHaveCount(0);
      await expect(app.main).toContainText(`The image stays as ${reference}.`);
      await app.main.getByRole('button', { name: 'Undo' }).click();
      await expect(app.images.row('box:own')).toBeVisible();
    });

    test('are removed only when somebody agrees, and by force under a sandbox', async ({
      app,
      host,
    }) => {
      await host.cli('create', 'user', '--image', reference);
      await expect(app.images.row(reference)).toContainText('user');
      await app.images.choose(reference, 'Remove…');
      const dialog = app.images.dialog(`Remove ${reference}?`);
      await expect(dialog.getByRole('link', { name: 'user' })).toBeVisible();
      const remove = dialog.getByRole('button', { name: 'Remove all the same' });
      await expect(remove).toBeDisabled();
      await dialog.getByRole('checkbox', { name: /^Remove the name/ }).check();
      await remove.click();
      await expect(app.images.row(reference)).toHaveCount(0);
    });

    test('go by a prune that says first what it takes', async ({ app, host }) => {
      await app.images.press('Prune…');
      const dialog = app.images.dialog('Prune the image store');
      await dialog.getByRole('radio', { name: /^Also images without sandboxes/ }).check();
      await expect(dialog.getByRole('list', { name: 'Images that go' })).toContainText(reference);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect((await host.cli('images', '--json')).stdout).toContain(reference);
      await app.images.press('Prune…');
      await dialog.getByRole('radio', { name: /^Also images without sandboxes/ }).check();
      await dialog.getByRole('button', { name: /^Remove, free/ }).click();
      await expect(app.images.row(reference)).toHaveCount(0);
      await expect(app.main).toContainText('were freed.');
    });

    test('are pushed under another name', async ({ app }) => {
      const pushed = `${registry.host}/team/pushed:1`;
      await app.images.choose(reference, 'Push…');
      const dialog = app.images.dialog(`Push ${reference}`);
      await dialog.getByRole('textbox', { name: 'Name in the registry' }).fill(pushed);
      await dialog.getByRole('button', { name: 'Push', exact: true }).click();
      await expect(app.task(`Push ${pushed}`)).toContainText('succeeded');
      const manifest = await fetch(`http://${registry.host}/v2/team/pushed/manifests/1`, {
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      });
      expect(manifest.status).toBe(200);
    });

    test('leave as a file and come back from it', async ({ app, host }) => {
      const file = path.join(host.home, 'box.tar');
      await app.images.choose(reference, 'Export…');
      const exporting = app.images.dialog(`Export ${reference}`);
      await exporting.getByRole('combobox', { name: 'File' }).fill(file);
      await exporting.getByRole('button', { name: 'Export', exact: true }).click();
      await expect(app.task(`Export ${file}`)).toContainText('succeeded');
      await app.images.choose(reference, 'Remove…');
      await app.images
        .dialog(`Remove ${reference}?`)
        .getByRole('button', { name: 'Remove', exact: true })
        .click();
      await expect(app.images.row(reference)).toHaveCount(0);
      await app.images.press('Import…');
      const importing = app.images.dialog('Import an image');
      await importing.getByRole('combobox', { name: 'Archive or directory' }).fill(file);
      await importing.getByRole('button', { name: 'Import', exact: true }).click();
      await expect(app.images.row(reference)).toBeVisible();
    });

    test('are checked', async ({ app }) => {
      await app.images.press('Check');
      await expect(app.main.getByRole('article', { name: /^Check / })).toContainText(
        'Nothing is wrong.',
      );
    });

    test('show where their bytes are, up to a limit', async ({ app }) => {
      await app.main.getByRole('link', { name: 'Disk usage' }).click();
      await expect(app.images.parts).toContainText(reference);
      const limit = app.main.getByRole('textbox', { name: 'Size limit in GiB' });
      await limit.fill('7.5');
      await limit.press('Enter');
      await app.page.reload();
      await expect(limit).toHaveValue('7.5');
      await app.main.getByRole('button', { name: 'No limit' }).click();
      await expect(app.main).toContainText('None is set.');
    });

    test('are what a sandbox was, once it is saved as one', async ({ app, host }) => {
      await host.cli('create', 'worked', '--image', reference);
      await host.cli('exec', 'worked', '--', 'sh', '-c', 'echo kept > /root/file');
      await app.sidebar.getByRole('link', { name: /worked/ }).click();
      await app.sandbox('worked').choose('Save as image…');
      const dialog = app.images.dialog('Save worked as an image');
      await dialog.getByRole('textbox', { name: 'Name of the image' }).fill('worked:1');
      await dialog.getByRole('textbox', { name: 'Message' }).fill('by hand');
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(app.task('Commit worked')).toContainText('succeeded');
      await host.cli('create', 'again', '--image', 'worked:1');
      const read = await host.cli('exec', 'again', '--', 'cat', '/root/file');
      expect(read.stdout).toBe('kept\n');
    });
  });
});

test('an image is built from a directory, with its output to read', async ({ app, host }) => {
  const context = path.join(host.home, 'context');
  await mkdir(context);
  await writeFile(path.join(context, 'Containerfile'), 'FROM scratch\nCOPY hello /hello\n');
  await writeFile(path.join(context, 'hello'), 'hello\n');
  await app.goTo('Images');
  await app.images.press('Build…');
  const dialog = app.images.dialog('Build an image');
  await dialog.getByRole('combobox', { name: 'Context' }).fill(context);
  await dialog.getByRole('textbox', { name: 'Tag' }).fill('built:1');
  await dialog.getByRole('button', { name: 'Build', exact: true }).click();
  const task = app.task('Build built:1');
  await expect(task).toContainText('succeeded');
  await task.getByText('Output', { exact: true }).click();
  await expect(task.getByRole('log')).toContainText('COPY hello');
  await expect(app.images.row('built:1')).toBeVisible();
});

test('a creation can be cancelled and leaves nothing', async ({ app, host }) => {
  await app.goTo('New sandbox');
  await app.create.name.fill('never');
  await app.create.submit();
  await app.main.getByRole('button', { name: 'Cancel' }).click();
  await expect(app.sidebar.getByRole('link', { name: /never/ })).toHaveCount(0);
  expect((await host.cli('ls', '--json')).stdout.trim()).toBe('[]');
});
