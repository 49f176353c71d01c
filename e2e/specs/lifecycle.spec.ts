import { expect, test } from '../fixtures/test.ts';

test.describe('the life of a sandbox', () => {
  test('is stopped, started, restarted and removed from its page', async ({ app, host }) => {
    await app.createStarter('alive');
    const page = app.sandbox('alive');
    await app.terminals.run('echo kept > /root/file');
    await page.button('Stop').click();
    await page.expectState('stopped');
    await page.button('Start').click();
    await page.expectState('running');
    expect(await host.cli('exec', 'alive', '--', 'cat', '/root/file')).toMatchObject({
      code: 0,
      stdout: 'kept\n',
    });
    const before = JSON.parse((await host.cli('inspect', 'alive', '--json')).stdout) as Record<
      string,
      unknown
    >;
    await page.button('Restart').click();
    await page.expectState('running');
    await expect
      .poll(
        async () =>
          JSON.parse((await host.cli('inspect', 'alive', '--json')).stdout) as Record<
            string,
            unknown
          >,
      )
      .not.toMatchObject(before);
    await page.remove();
    await expect(app.sidebar.getByRole('link', { name: /alive/ })).toHaveCount(0);
    expect((await host.cli('ls', '--json')).stdout.trim()).toBe('[]');
  });

  test('shows at once that a machine has died, and why', async ({ app, host }) => {
    await app.createStarter('dies');
    const inspected = await host.cli('inspect', 'dies', '--json');
    const { vmPid } = JSON.parse(inspected.stdout) as { vmPid: number };
    process.kill(vmPid, 'SIGKILL');
    const page = app.sandbox('dies');
    await page.expectState('crashed');
    await expect(page.error).toContainText('vm/crashed');
    await page.button('Start').click();
    await page.expectState('running');
  });

  test('outlives its host process, and a terminal opens on it again', async ({ app, host }) => {
    await app.createStarter('survives');
    await app.terminals.run('echo $$ > /root/shell; place=kept');
    await expect
      .poll(async () => (await host.cli('exec', 'survives', '--', 'cat', '/root/shell')).stdout)
      .not.toBe('');
    await host.kill('SIGKILL');
    await expect(app.page.getByRole('alert')).toContainText('Sandboxes and their terminals go on.');
    await host.serve();
    await app.page.goto(host.url);
    await expect(app.sidebar.getByRole('link', { name: 'running survives' })).toBeVisible();
    await app.sidebar.getByRole('link', { name: 'running survives' }).click();
    await app.sandbox('survives').button('Terminal').click();
    await app.terminals.run('echo "again on $(hostname)"');
    await app.terminals.expectText('again on survives');
  });
});
