import { expect, test } from '../fixtures/test.ts';

/** No machine has it; the policy of a new sandbox keeps it back as one of a private network. */
const elsewhere = '10.11.12.13';

test('the network of a sandbox is seen, changed and asked about on its page', async ({ app }) => {
  await app.createStarter('netted');
  const { network, terminals } = app;
  await network.open();
  await expect(network.state).toContainText('Up');
  await expect(network.policy('Public')).toHaveAttribute('aria-pressed', 'true');

  await test.step('a connection that is kept back appears, and is allowed for now', async () => {
    await terminals.run(`wget -O- http://${elsewhere}/`);
    const denied = network.decisions.filter({ hasText: elsewhere });
    await expect(denied.first()).toContainText('Denied');
    await network.decide(`Allow ${elsewhere}`, 'until it stops');
    const rule = network.rules.filter({ hasText: `allow ${elsewhere}` });
    await expect(rule).toContainText('until it stops');
    await network.ask(elsewhere);
    await expect(network.question).toContainText('Allowed');
    await rule.getByRole('button', { name: /^Take back/ }).click();
    await expect(rule).toHaveCount(0);
    await expect(network.question).toContainText('Denied');
  });

  await test.step('the policy changes with a click', async () => {
    await network.policy('All').click();
    await expect(network.policy('All')).toHaveAttribute('aria-pressed', 'true');
    await expect(network.question).toContainText('Allowed');
  });

  await test.step('a port is published, and one that is in use is not', async () => {
    await network.publish('nonsense');
    await expect(network.portForm).toContainText('A port is written HOST:GUEST');
    await network.publish('28080:8080');
    await expect(network.ports.filter({ hasText: '127.0.0.1:28080' })).toContainText('listening');
    await network.publish('28080:8081');
    await expect(network.portForm).toContainText(/28080/);
  });

  await test.step('what listens in the sandbox is published with a click', async () => {
    await terminals.run('while true; do echo here | nc -l -p 9090; done &');
    const listener = network.listeners.filter({ hasText: '9090' });
    await listener.getByRole('button', { name: 'Publish 9090/tcp' }).click();
    await expect(listener).toContainText('published as');
  });

  await test.step('its address leads back to the page', async () => {
    await app.page.reload();
    await expect(network.state).toContainText('Up');
    await app.sandbox('netted').button('Stop').click();
    await expect(network.state).toContainText('Off');
    await expect(network.ports.first()).toContainText('waits for the sandbox');
  });
});
