import { expect, test } from '../fixtures/test.ts';

test.describe('the create form', () => {
  test('says beside each field what is wrong with it, as one types', async ({ app }) => {
    await app.goTo('New sandbox');
    await app.create.image.fill('Not An Image');
    await app.create.name.fill('-bad');
    await app.create.cpus.fill('0');
    await app.create.memory.fill('12');
    await expect(app.create.form).toContainText('"Not An Image" has a space in it.');
    await expect(app.create.form).toContainText('A name starts with a letter or digit.');
    await expect(app.create.form).toContainText('CPUs must be a whole number from 1 to 64.');
    await expect(app.create.form).toContainText('Memory in MiB must be a whole number from 128');
    await expect(app.create.name).toHaveAttribute('aria-invalid', 'true');
    await app.create.submit();
    await expect(app.main.getByRole('heading', { name: 'New sandbox', level: 1 })).toBeVisible();
  });

  test('writes the command line and the YAML of what it would create', async ({ app }) => {
    await app.goTo('New sandbox');
    await app.create.name.fill('web');
    await app.create.cpus.fill('2');
    await app.create.show('Command line');
    await app.create.show('YAML');
    await expect(app.create.summary).toContainText(
      'skerry create web --image skerry/starter --cpus 2',
    );
    await expect(app.create.summary).toContainText('cpus: 2');
  });

  test('makes what was asked for, and refuses the name a second time', async ({ app }) => {
    await app.goTo('New sandbox');
    await app.create.name.fill('two-cpus');
    await app.create.cpus.fill('2');
    await app.create.memory.fill('256');
    await app.create.submit();
    await app.terminals.expectPrompt();
    await app.terminals.run('echo "cpus $(nproc)"');
    await app.terminals.expectText('cpus 2');
    await app.goTo('New sandbox');
    await app.create.name.fill('two-cpus');
    await expect(app.create.form).toContainText(/taken|already/);
  });
});

test('the form is whole after the page was loaded anew', async ({ app }) => {
  await app.goTo('New sandbox');
  await app.page.reload();
  await expect(app.create.name).not.toHaveValue('');
  await expect(app.main.getByRole('button', { name: 'Python', exact: true })).toBeVisible();
  await expect(app.main.getByRole('alert')).toHaveCount(0);
});
