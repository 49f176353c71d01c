/** `network …` and `port …`, against a real host process; the engine is a fake. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decision, GuestPort } from '../contract/network.ts';
import { AppError, toErrorData } from '../engine/base/app-error.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture, finish } from './testing/cli-fixture.ts';

// One of them is a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let engine: FakeEngine;
let cli: CliFixture;

beforeEach(async () => {
  engine = new FakeEngine();
  cli = await CliFixture.start(engine);
  const { id } = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
  await engine.operations.wait(id);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
});

async function output(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.call(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

async function refusal(args: readonly string[], code = 1): Promise<string> {
  const result = await cli.call(args);
  expect({ code: result.code, stdout: result.stdout.toString() }).toEqual({ code, stdout: '' });
  return result.stderr;
}

const configOf = () => engine.sandboxes.inspect('web').config.network;

function aDecision(changes: Partial<Decision>): Decision {
  return {
    ...{ id: 1, count: 1, firstAtMs: 0, atMs: 0, direction: 'egress', protocol: 'tcp' },
    ...{ verdict: 'deny', rule: 'deny private', source: 'deny.0', reason: 'It is private.' },
    ...changes,
  };
}

describe('network', () => {
  it('changes what is named and leaves the rest', async () => {
    const rule = '{ action: deny, destination: private, ports: [22] }';
    const limits = ['--upload', '2.5', '--download', '10'];
    await output(['network', 'set', 'web', '--net', 'all', '--net-rule', rule, ...limits]);
    await output(['network', 'set', 'web', '--allow', 'a.org', '--allow', 'b.org']);
    await output(['network', 'set', 'web', '--allow', 'c.org', '--upload', '1']);
    expect(configOf()).toMatchObject({
      policy: 'all',
      allow: ['c.org'],
      rules: [{ action: 'deny', destination: 'private', ports: ['22'], direction: 'egress' }],
      bandwidth: { upload: 1, download: 10 },
    });
    await output(['network', 'set', 'web', '--clear', 'bandwidth, rules', '--download', '5']);
    expect(configOf()).toMatchObject({ allow: ['c.org'], rules: [], bandwidth: { download: 5 } });
    expect(configOf().bandwidth).toEqual({ download: 5 });
  });

  it.each([
    [['network', 'set', 'web'], 'skerry: Say what to set: '],
    [['network', 'set', 'web', '--clear', 'ports'], 'not "ports"'],
    [['network', 'set', 'web', '--upload', 'fast'], 'It must be a number.'],
    [['network', 'set', 'web', '--net-rule', 'deny'], "The option --net-rule cannot be 'deny'."],
    [['network', 'test', 'web', 'a.org', '--protocol', 'sctp'], '"sctp"'],
    [['network', 'allow', 'web'], "missing required argument 'destination'"],
  ])('%j makes no sense', async (args, words) => {
    expect(await refusal(args, 2)).toContain(words);
  });

  it.each([
    [['network', 'set', 'web', '--net', 'some'], '(config/invalid)'],
    [
      ['network', 'set', 'web', '--net-rule', '{ action: drop }'],
      'An action is "allow" or "deny".',
    ],
    [['network', 'deny', 'web', 'a b'], 'is no destination'],
    [['network', 'show', 'nobody'], '(sandbox/not-found)'],
    [['network', 'log', 'nobody', '--follow'], '(sandbox/not-found)'],
    [['port', 'rm', 'web', '80:80'], '(network/not-published)'],
    [['port', 'add', 'web', '80'], 'A port is written HOST:GUEST'],
  ])('%j is refused', async (args, words) => {
    expect(await refusal(args)).toContain(words);
  });

  it('decides on destinations, for good or for now, and forgets', async () => {
    await output(['network', 'allow', 'web', '10.0.0.0/8', '*.a.org']);
    await output(['network', 'deny', 'web', 'b.org']);
    await output(['network', 'deny', 'web', 'c.org', '--temporary']);
    expect(await engine.network.inspect('web')).toMatchObject({
      config: { allow: ['10.0.0.0/8', '*.a.org'], deny: ['b.org'] },
      temporary: [{ action: 'deny', destination: 'c.org' }],
    });
    await output(['network', 'forget', 'web', '10.0.0.0/8', 'b.org']);
    expect(configOf()).toMatchObject({ allow: ['*.a.org'], deny: [] });
  });

  it('shows the rules in their order', async () => {
    await output(['network', 'set', 'web', '--deny', 'b.org']);
    await output(['port', 'add', 'web', '8080:80']);
    const shown = await output(['network', 'show', 'web']);
    expect(shown).toMatch(/^Link +up\nPolicy +public\n/);
    expect(shown).toMatch(/\nPort +8080:80 listening\n/);
    expect(shown).toMatch(/\nRule \d+ +deny b\.org {2}\(deny\.0\)\n/);
    const asJson = JSON.parse(await output(['network', 'show', 'web', '--json'])) as unknown;
    expect(asJson).toMatchObject({ link: 'up', config: { deny: ['b.org'] } });
  });

  it('shows the limits that are set, and why a port is not published', async () => {
    expect(await output(['network', 'show', 'web'])).not.toContain('Mbit/s');
    await output(['network', 'set', 'web', '--upload', '2.5']);
    expect(await output(['network', 'show', 'web'])).toMatch(
      /^Link +up\nPolicy +public\nUpload +at most 2\.5 Mbit\/s\nSent /,
    );
    await output(['network', 'set', 'web', '--download', '100']);
    expect(await output(['network', 'show', 'web'])).toMatch(
      /\nUpload +at most 2\.5 Mbit\/s\nDownload +at most 100 Mbit\/s\nSent /,
    );
    await output(['port', 'add', 'web', '8080:80']);
    await engine.sandboxes.stop('web');
    const stopped = await output(['network', 'show', 'web']);
    expect(stopped).toMatch(/^Link +none\n/);
    expect(stopped).toMatch(/\nPort +8080:80 waiting\n/);
    const status = await engine.network.inspect('web');
    const [port] = status.ports;
    if (port === undefined) throw new Error('The port is not there.');
    const problem = toErrorData(new AppError('network/port-in-use', 'Port 8080 is in use.'));
    const ports = [{ ...port, state: 'failed', problem } as const];
    engine.network.inspect = () => Promise.resolve({ ...status, ports });
    expect(await output(['network', 'show', 'web'])).toMatch(
      /\nPort +8080:80 failed: Port 8080 is in use\.\n/,
    );
  });

  it('says what would happen to a destination, and exits as the verdict is', async () => {
    await engine.network.set('web', { policy: 'none' });
    const denied = await cli.call(['network', 'test', 'web', '192.0.2.1:22']);
    expect(denied).toMatchObject({ code: 1, stderr: '' });
    expect(denied.stdout.toString()).toMatch(/^deny /);
    await engine.network.set('web', { policy: 'all' });
    expect(await output(['network', 'test', 'web', '[2001:db8::1]:443'])).toMatch(/^allow /);
    const words = ['network', 'test', 'web', '192.0.2.1', '--protocol', 'udp', '--json'];
    expect(JSON.parse(await output(words))).toMatchObject({ verdict: 'allow' });
  });

  it('writes a line for each decision', async () => {
    const egress = { name: 'a.org', address: '2001:db8::1', port: 443, count: 3 };
    engine.networks.decided(aDecision(egress), 'web');
    const ingress = { id: 2, direction: 'ingress', address: '127.0.0.1' } as const;
    engine.networks.decided(aDecision({ ...ingress, verdict: 'allow', rule: 'a\u001b[2J' }), 'web');
    expect(await output(['network', 'log', 'web'])).toBe(
      '1970-01-01T00:00:00.000Z  deny   tcp  a.org ([2001:db8::1]:443)  x3  deny private\n' +
        '1970-01-01T00:00:00.000Z  allow  tcp from  127.0.0.1  a\ufffd[2J\n',
    );
    const lines = (await output(['network', 'log', 'web', '--json'])).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(engine.network.log('web'));
  });

  it('follows the log until Ctrl+C', async () => {
    engine.networks.decided(aDecision({ name: 'a.org' }), 'web');
    const child = cli.begin(['network', 'log', 'web', '--follow']);
    const ended = finish(child);
    await once(child.stdout, 'data');
    engine.networks.decided(aDecision({ name: 'a.org', count: 2 }), 'web');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.toString()).toMatch(
      /^\S+ +deny +tcp +a\.org {2}deny private\n.* a\.org {2}x2 .*\n$/,
    );
    expect(engine.networks.subscriptions).toBe(0);
  });
});

describe('port', () => {
  it('publishes ports, warns of other machines, and takes them back', async () => {
    expect(await output(['port', 'add', 'web', '8080:80', '[::1]:53:53/udp'])).toBe(
      '127.0.0.1:8080\n[::1]:53/udp\n',
    );
    const open = await cli.call(['port', 'add', 'web', '0.0.0.0:8081:80']);
    expect(open.stdout.toString()).toBe('0.0.0.0:8081\n');
    expect(open.stderr).toBe('skerry: Other machines can reach this port.\n');
    await output(['port', 'rm', 'web', '8080:80', '[::1]:53:53/udp']);
    expect(configOf().ports).toEqual(['0.0.0.0:8081:80']);
  });

  it('says that a port waits where the sandbox is stopped', async () => {
    await engine.sandboxes.stop('web');
    const added = await cli.call(['port', 'add', 'web', '8080:80', '5353:53/udp']);
    expect(added).toMatchObject({ code: 0 });
    expect(added.stdout.toString()).toBe('127.0.0.1:8080\n127.0.0.1:5353/udp\n');
    expect(added.stderr).toBe(
      'skerry: 127.0.0.1:8080 waits: it is published when "web" starts.\n' +
        'skerry: 127.0.0.1:5353/udp waits: it is published when "web" starts.\n',
    );
    expect(await output(['port', 'ls', 'web'])).toMatch(/\n127\.0\.0\.1:8080 +80\/tcp +waiting\n/);
  });

  it('says who has a port', async () => {
    const problem = new AppError('network/port-in-use', 'Port 8080 is in use by sshd.');
    engine.network.addPort = () => Promise.reject(problem);
    expect(await refusal(['port', 'add', 'web', '8080:80'])).toBe(
      'skerry: Port 8080 is in use by sshd.\n' +
        '→ Publish another port, or end the program that has it. (network/port-in-use)\n',
    );
  });

  it('lists what is published, and what listens in the sandbox', async () => {
    await output(['port', 'add', 'web', '8080:80']);
    expect(await output(['port', 'ls', 'web'])).not.toContain('LISTENS');
    const listener: GuestPort = {
      ...{ protocol: 'tcp', address: '0.0.0.0', port: 80, command: 'nginx', reach: 'any' },
      ...{ published: '8080:80', suggestedHostPort: 80 },
    };
    const alone: GuestPort = {
      ...{ protocol: 'tcp', address: '127.0.0.1', port: 3000, reach: 'loopback' },
      suggestedHostPort: 3000,
    };
    engine.networks.guestPorts = [listener, alone];
    const listed = await output(['port', 'ls', 'web']);
    expect(listed).toMatch(/\n127\.0\.0\.1:8080 +80\/tcp +listening\n\nLISTENS /);
    expect(listed).toMatch(/\n80\/tcp +nginx +8080:80\n3000\/tcp +- +only in the sandbox\n/);
    expect(listed).toContain('let it listen on 0.0.0.0.\n');
    expect(JSON.parse(await output(['port', 'ls', 'web', '--json']))).toMatchObject({
      ports: [{ port: '8080:80' }],
      listeners: [{ port: 80 }, { port: 3000 }],
    });
  });
});
