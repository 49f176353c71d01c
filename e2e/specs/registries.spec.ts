import { startPrivateRegistry, type PrivateRegistry } from '../fixtures/private-registry.ts';
import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';

test.describe('a registry that wants a password', () => {
  let registry: PrivateRegistry;
  test.beforeAll(async () => {
    registry = await startPrivateRegistry();
  });
  test.afterAll(async () => {
    await registry[Symbol.asyncDispose]();
  });

  test('is logged in to from the pull that it refused', async ({ app, host }) => {
    const { host: name, user, password, reference } = registry;
    await app.goTo('Images');
    await app.images.pull(reference);
    const task = app.task(`Pull ${reference}`);
    await expect(task).toContainText('registry/unauthorized');
    await task.getByRole('link', { name: 'Open Registries' }).click();
    await expect(app.registries.name).toHaveValue(name);
    await app.registries.user.fill(user);
    await app.registries.password.fill(password);
    // Nothing here keeps it encrypted, so somebody has to agree first.
    const form = app.registries.form('Add a registry');
    const save = form.getByRole('button', { name: 'Log in and save' });
    await expect(form).toContainText('It would not be encrypted.');
    await expect(save).toBeDisabled();
    await app.registries.consent.check();
    await save.click();
    await expect(form).toHaveCount(0);
    await expect(app.registries.row(name)).toContainText('ci');
    await expect(app.registries.row(name)).toContainText('not encrypted');
    expect(await app.page.content()).not.toContain(password);

    await app.goTo('Images');
    await app.task(`Pull ${reference}`).getByRole('button', { name: 'Try again' }).click();
    await expect(app.images.row(reference)).toBeVisible();

    await app.goTo('Registries');
    await app.registries.take(name, 'Log out');
    await expect(app.registries.table).not.toContainText('not encrypted');
    expect((await host.cli('pull', reference.replace(':1', ':2'))).code).not.toBe(0);
  });

  test('lets one pull through with a login that is kept nowhere', async ({ app, host }) => {
    const { user, password, reference } = registry;
    await app.goTo('Images');
    await app.images.pullAs(user, password, reference);
    await expect(app.images.row(reference)).toBeVisible();
    expect(await app.page.content()).not.toContain(password);
    await app.goTo('Registries');
    await expect(app.registries.table).not.toContainText(registry.host);
    expect((await host.cli('pull', reference.replace(':1', ':2'))).stderr).toContain(
      'wants a user name and a password',
    );
  });

  test('is tested step by step, with what is typed', async ({ app }) => {
    await app.goTo('Registries');
    await app.registries.add();
    await app.registries.name.fill(registry.host);
    await app.registries.user.fill(registry.user);
    await app.registries.password.fill('wrong');
    const form = app.registries.form('Add a registry');
    await form.getByRole('button', { name: 'Test' }).click();
    const steps = app.registries.steps(registry.host);
    await expect(steps.filter({ hasText: 'Login' })).toContainText('fails');
    await app.registries.password.fill(registry.password);
    await form.getByRole('button', { name: 'Test' }).click();
    await expect(steps.filter({ hasText: 'Login' })).toContainText('passes');
    await expect(steps.filter({ hasText: 'Permission' })).toContainText('not tested');
    await app.registries.repository.fill('team/secret');
    await form.getByRole('button', { name: 'Test' }).click();
    await expect(steps.filter({ hasText: 'Permission' })).toContainText('passes');
    await expectNoViolations(app.page, 'the form of a registry');
    await form.getByRole('button', { name: 'Cancel' }).click();
    // A test keeps nothing.
    await expect(app.registries.row(registry.host)).toHaveCount(0);
  });

  test('keeps no password that is wrong, and the form forgets it', async ({ app }) => {
    await app.goTo('Registries');
    await app.registries.add();
    await app.registries.name.fill(registry.host);
    await app.registries.user.fill(registry.user);
    await app.registries.password.fill('wrong');
    await app.registries.consent.check();
    const form = app.registries.form('Add a registry');
    await form.getByRole('button', { name: 'Log in and save' }).click();
    await expect(form).toContainText('registry/wrong-password');
    await expect(app.registries.password).toHaveValue('');
    await expect(app.registries.row(registry.host)).toHaveCount(0);
  });
});

test('settings of a registry are kept, shown and removed', async ({ app }) => {
  const name = 'registry.example:5000';
  await app.goTo('Registries');
  await app.registries.add();
  await app.registries.name.fill(name);
  await app.registries.insecure.check();
  const form = app.registries.form('Add a registry');
  await form.getByLabel('Mirrors').fill('not a/mirror');
  await expect(form.getByRole('button', { name: 'Save' })).toBeDisabled();
  await form.getByLabel('Mirrors').fill('mirror.example:5000');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(app.registries.row(name)).toContainText('insecure');
  await expect(app.registries.row(name)).toContainText('mirror mirror.example:5000');
  await app.page.reload();
  await expect(app.registries.row(name)).toContainText('no login');
  await app.registries.take(name, 'Remove');
  await expect(app.registries.row(name)).toHaveCount(0);
});
