import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../fixtures/test.ts';

test.describe('a configuration', () => {
  test('of volumes, scripts and patches is made by clicking, and is so inside', async ({
    app,
    host,
  }) => {
    const shared = path.join(host.home, 'shared');
    await mkdir(shared);
    await writeFile(path.join(shared, 'file'), 'from the host\n');
    await app.goTo('New sandbox');
    const { create } = app;
    await create.form.getByRole('button', { name: 'A shell' }).click();
    await create.name.fill('full');
    await create.open('Volumes');
    await create.add('volume');
    await create.field('Source of volume 1').fill(path.join(host.home, 'sha'));
    await create.form.getByRole('option', { name: /shared/ }).click();
    await create.field('Place of volume 1 in the sandbox').fill('/data');
    await create.open('Scripts');
    await create.add('script');
    await create.field('Name of script 1').fill('greet');
    await create.field('Text of script 1').fill('cat /data/file /etc/motd');
    await create.open('Patches');
    await create.add('patch');
    await create.field('Path of patch 1').fill('/etc/motd');
    await create.field('Content of patch 1').fill('patched');
    await create.form.getByLabel('Replace what is there').check();
    await create.show('Command line');
    await expect(create.summary).toContainText(`${shared}/:/data`);
    await create.submit();
    await app.terminals.expectPrompt();
    await app.terminals.run('greet; echo; echo x > /data/new || echo "held $((40 + 2))"');
    await app.terminals.expectText('from the host');
    await app.terminals.expectText('patched');
    await app.terminals.expectText('held 42');
    await expect(app.main).toContainText('virtiofs');
  });

  test('names a missing source beside its field before anything is made', async ({ app }) => {
    await app.goTo('New sandbox');
    await app.create.open('Volumes');
    await app.create.add('volume');
    await app.create.field('Source of volume 1').fill('/no/such/place');
    await app.create.field('Place of volume 1 in the sandbox').fill('/data');
    await expect(app.create.section('Volumes')).toContainText('There is nothing at /no/such/place');
  });

  test('is edited, which says when each change applies', async ({ app, host }) => {
    await app.createStarter('edited');
    await app.sandbox('edited').choose('Edit…');
    const form = app.main.getByRole('form', { name: 'Edit edited' });
    await form.getByRole('textbox', { name: 'CPUs' }).fill('2');
    await form.locator('summary', { hasText: 'Environment' }).click();
    await form.getByRole('button', { name: 'Add variable' }).click();
    await form.getByLabel('Name of variable 1').fill('GREETING');
    await form.getByLabel('Value of variable 1').fill('hello');
    const changes = form.getByRole('region', { name: 'Changes' });
    await expect(changes).toContainText('cpus at the next start');
    await expect(changes).toContainText('env now');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(app.sandbox('edited').heading).toHaveText('edited');
    const now = await host.cli('exec', 'edited', '--', 'sh', '-c', 'echo $GREETING $(nproc)');
    expect(now.stdout).toBe('hello 1\n');
    await app.sandbox('edited').button('Restart').click();
    await expect
      .poll(async () => (await host.cli('exec', 'edited', '--', 'nproc')).stdout, {
        timeout: 60_000,
      })
      .toBe('2\n');
  });

  test('is duplicated with what was written', async ({ app, host }) => {
    await app.createStarter('first');
    await host.cli('exec', 'first', '--', 'sh', '-c', 'echo kept > /root/file; sync');
    await app.sandbox('first').choose('Duplicate…');
    const dialog = app.page.getByRole('alertdialog');
    await dialog.getByLabel('With its disk').check();
    await expect(dialog.getByRole('button', { name: 'Duplicate' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await app.sandbox('first').button('Stop').click();
    await app.sandbox('first').expectState('stopped');
    await app.sandbox('first').choose('Duplicate…');
    await dialog.getByLabel('With its disk').check();
    await dialog.getByRole('textbox', { name: 'Name of the copy' }).fill('second');
    await dialog.getByRole('button', { name: 'Duplicate' }).click();
    await app.sandbox('second').expectState('running');
    expect((await host.cli('exec', 'second', '--', 'cat', '/root/file')).stdout).toBe('kept\n');
  });

  test('goes into a file and comes back from it', async ({ app, host }) => {
    await app.goTo('New sandbox');
    await app.create.name.fill('filed');
    await app.create.cpus.fill('3');
    const download = app.page.waitForEvent('download');
    await app.create.form.getByRole('button', { name: 'Export' }).click();
    const file = path.join(host.home, 'filed.yaml');
    await (await download).saveAs(file);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('name: filed\n');
    expect(text).toContain('cpus: 3\n');
    await writeFile(file, text.replace('cpus: 3', 'cpus: 2'));
    await app.create.form.getByLabel('Configuration file').setInputFiles(file);
    await expect(app.create.cpus).toHaveValue('2');
    await writeFile(file, 'image: [\n');
    await app.create.form.getByLabel('Configuration file').setInputFiles(file);
    await expect(app.create.summary.getByRole('alert')).toContainText('filed.yaml');
  });

  test('makes named volumes, which have a page of their own', async ({ app, host }) => {
    const made = await host.cli('create', 'user', '--image', 'skerry/starter', '-v', 'cache:/c');
    expect(made.stderr).toBe('');
    await app.goTo('Volumes');
    await expect(app.main.getByRole('row', { name: /cache/ })).toContainText('user');
    await app.main.getByRole('button', { name: 'Remove cache' }).click();
    await app.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await expect(app.main.getByRole('alert')).toContainText('is mounted by "user"');
    await app.main.getByRole('textbox', { name: 'Volume name' }).fill('empty');
    await app.main.getByRole('button', { name: 'Make' }).click();
    await app.main.getByRole('button', { name: 'Measure empty' }).click();
    await expect(app.main.getByRole('row', { name: /empty/ })).toContainText(/\d (B|KiB)/);
    await app.page.reload();
    await expect(app.main.getByRole('row', { name: /empty/ })).toBeVisible();
    await expect(app.main.getByRole('alert')).toHaveCount(0);
  });
});
