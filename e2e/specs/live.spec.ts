import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';
import { CommandsPage } from '../pages/commands-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { LogsPage } from '../pages/logs-page.ts';
import { StatsPage } from '../pages/stats-page.ts';

test('a sandbox is watched on its page: commands, logs, stats, its start', async ({ app }) => {
  await app.createStarter('watched');
  const commands = new CommandsPage(app.page, 'watched');
  const logs = new LogsPage(app.page, 'watched');
  const stats = new StatsPage(app.page);

  await test.step('a command prints to both streams and ends with its code', async () => {
    await commands.open();
    const line = 'echo out; echo wrong >&2; exit 3';
    await commands.run(line);
    await expect(commands.output(line)).toContainText('out');
    await expect(commands.output(line)).toContainText('wrong');
    await expect(commands.shown(line)).toContainText('Exit code 3');
    await expectNoViolations(app.page, 'what is live');
  });

  await test.step('one that runs is stopped, and is still there after a reload', async () => {
    const line = 'echo begun; sleep 1000';
    await commands.run(line);
    await expect(commands.output(line)).toContainText('begun');
    await app.page.reload();
    await expect(commands.shown(line)).toContainText('Running');
    await expect(commands.output(line)).toContainText('begun');
    await commands.shown(line).getByRole('button', { name: 'Stop' }).click();
    await expect(commands.shown(line)).toContainText('Ended by SIGTERM');
    await expect(commands.runs).toHaveCount(2);
  });

  await test.step('the up arrow brings back the lines of before', async () => {
    await commands.line.press('ArrowUp');
    await expect(commands.line).toHaveValue('echo begun; sleep 1000');
    await commands.line.press('ArrowUp');
    await expect(commands.line).toHaveValue('echo out; echo wrong >&2; exit 3');
    await commands.line.press('ArrowDown');
    await expect(commands.line).toHaveValue('echo begun; sleep 1000');
  });

  await test.step('the log has the boot, and the commands by their streams', async () => {
    await logs.open();
    await logs.source('Boot console').click();
    // The latest lines are in sight first.
    await expect(logs.lines).toContainText('Run /init as init process');
    await logs.lines.focus();
    await app.page.keyboard.press('Home');
    await expect(logs.lines).toContainText('Linux version');
    await logs.source('Commands').click();
    await expect(logs.lines).toContainText('begun');
    await logs.stream.selectOption('stderr');
    await expect(logs.lines).toContainText('wrong');
    await expect(logs.lines).not.toContainText('begun');
    await expectNoViolations(app.page, 'what is live');
  });

  await test.step('what is searched for is found, from one place to the next', async () => {
    await logs.stream.selectOption('Both streams');
    await logs.source('All').click();
    await logs.search.fill('LINUX VERSION');
    await expect(logs.found).toHaveText('1 match');
    await logs.search.press('Enter');
    await expect(logs.found).toContainText('1 of');
    await expect(logs.lines).toContainText('Linux version');
    await logs.search.fill('nothing says this');
    await expect(app.main).toContainText('No line is like that');
    await logs.search.fill('');
  });

  await test.step('its use is measured each second', async () => {
    await stats.open();
    await expect(stats.graph('CPU')).toContainText(/\d %/);
    await expect(stats.graph('Memory')).toContainText(/used in the guest \d+(\.\d)? MiB/);
    await expect(stats.graph('Disk')).toContainText('8 GiB are used');
    await stats.openTable();
    await expect(stats.table.getByRole('row').nth(5)).toContainText('%');
    await stats.button('Pause').click();
    await expect(app.main).toContainText('Paused at');
    await expectNoViolations(app.page, 'what is live');
  });

  await test.step('the overview says where the time of the start went', async () => {
    await app.main.getByRole('link', { name: 'Overview' }).click();
    await expect(app.main.getByRole('region', { name: 'Now' })).toContainText('MiB');
    await app.main.getByText(/^Started in .* \(timeline\)$/).click();
    const steps = app.main.getByRole('table', { name: 'Steps of the start' });
    await expect(steps).toContainText(/Booting the kernel|Restoring the machine/);
    await expect(app.main).toContainText(/took (most of it|longest)/);
    await expectNoViolations(app.page, 'what is live');
  });

  await test.step('the configuration is there to copy', async () => {
    await app.main.getByRole('link', { name: 'Config', exact: true }).click();
    await expect(app.main).toContainText('skerry create watched');
    await app.main.getByRole('button', { name: 'Copy YAML' }).click();
    const copied = await app.page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('name: watched');
  });

  await test.step('after it has stopped its log is still there', async () => {
    await app.sandbox('watched').button('Stop').click();
    await app.sandbox('watched').expectState('stopped');
    await logs.open();
    await logs.source('Commands').click();
    await expect(logs.lines).toContainText('begun');
    await logs.choose('Clear');
    await app.page.getByRole('alertdialog').getByRole('button', { name: 'Clear the log' }).click();
    await expect(logs.lines).toHaveCount(0);
  });
});

test('a log stays where one reads it, and follows its end again', async ({ app }) => {
  await app.createStarter('flooded');
  const commands = new CommandsPage(app.page, 'flooded');
  const logs = new LogsPage(app.page, 'flooded');
  await commands.open();
  await commands.run('seq 1 4000');
  await expect(commands.shown('seq 1 4000')).toContainText('Exit code 0');
  await logs.open();
  await logs.source('Commands').click();
  await expect(logs.lines.getByText('4000', { exact: true })).toBeVisible();
  await logs.lines.focus();
  await app.page.keyboard.press('Home');
  await expect(logs.latest).toBeVisible();
  await expect(logs.follow).not.toBeChecked();
  // Each time the beginning comes near, the page before it is read.
  await expect(async () => {
    await app.page.keyboard.press('Home');
    await expect(logs.lines.getByText('1', { exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await logs.latest.click();
  await expect(logs.lines.getByText('4000', { exact: true })).toBeVisible();
  await expect(logs.follow).toBeChecked();
});

test('several sandboxes are stopped, started and removed at once', async ({ app, host }) => {
  for (const name of ['one', 'two']) await app.createStarter(name);
  const home = new HomePage(app.page);
  await app.goTo('Sandboxes');
  await expect(home.row('one')).toContainText('%');
  await expect(home.row('one')).toContainText('running');

  await home.order('Name').click();
  await expect.poll(() => home.names()).toEqual(['one', 'two']);
  await home.order('Name').click();
  await expect.poll(() => home.names()).toEqual(['two', 'one']);
  await home.filter.fill('on');
  await expect.poll(() => home.names()).toEqual(['one']);
  await home.filter.fill('');

  // By keyboard: one box, then the next with Shift.
  await home.box('two').focus();
  await app.page.keyboard.press('Space');
  await app.page.keyboard.press('Shift+ArrowDown');
  await expect(home.bulk).toContainText('2 selected');
  await expectNoViolations(app.page, 'what is live');
  await home.bulk.getByRole('button', { name: 'Stop (2)' }).click();
  await expect(home.outcome).toContainText('2 stopped');
  await home.outcome.getByRole('button', { name: 'Dismiss' }).click();

  await home.bulk.getByRole('button', { name: 'Start (2)' }).click();
  await expect(home.outcome).toContainText('2 started');
  await expect(home.row('two')).toContainText('running');

  await home.bulk.getByRole('button', { name: /^Remove \(2\)/ }).click();
  const dialog = app.page.getByRole('alertdialog');
  await expect(dialog).toContainText('one');
  await expect(dialog).toContainText('two');
  await dialog.getByRole('button', { name: 'Remove 2 sandboxes' }).click();
  await expect(app.main).toContainText('Your first sandbox');
  expect((await host.cli('ls', '--json')).stdout.trim()).toBe('[]');
});
