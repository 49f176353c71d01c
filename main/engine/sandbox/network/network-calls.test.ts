/** What clients ask of networks, of sandboxes whose machines are fakes; their gateways are real. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatPortMapping } from '../../../contract/config/port-mapping.ts';
import { maxNetworkEntries } from '../../../contract/config/network-rule.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Engine } from '../../engine.ts';
import { Gateways } from '../../net/gateway/gateways.ts';
import { outside4, tcp } from '../../net/stack/testing/guest-frames.ts';
import { tcpFlag } from '../../net/wire/tcp.ts';
import { FakeAgent } from '../../testing/fake-agent.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { networkCalls } from './network-calls.ts';
import { aPort, freePort, holdPort, isOpen } from '../../net/gateway/testing/loopback-ports.ts';
import { MachineSocket } from '../../net/gateway/testing/machine-socket.ts';
import { SandboxesFixture } from '../testing/sandboxes-fixture.ts';

const directory = useTemporaryDirectory();
const gateways = new Gateways(silentLogger);
let fixture: SandboxesFixture;
let socket: MachineSocket;
let network: Engine['network'];

beforeEach(async () => {
  socket = await MachineSocket.listen(path.join(directory.path, 'net'));
  fixture = new SandboxesFixture(directory.path, gateways);
  fixture.networkSocket = socket.path;
  await fixture.create('web');
  network = networkCalls(fixture.sandboxes);
});

afterEach(async () => {
  await fixture.sandboxes.release();
  await socket[Symbol.asyncDispose]();
});

afterAll(async () => {
  await gateways.close();
});

const configOf = () => fixture.sandboxes.inspect('web').config.network;

/** As the next host process finds it. */
async function savedRecord(): Promise<{ config: unknown; run?: unknown }> {
  const { id } = fixture.sandboxes.inspect('web');
  const text = await readFile(path.join(directory.path, 'sandboxes', id, 'sandbox.json'), 'utf8');
  return JSON.parse(text) as { config: unknown; run?: unknown };
}

describe('the calls of the network', () => {
  it('name a sandbox that is there', async () => {
    const missing = { code: 'sandbox/not-found' };
    const decision = { action: 'deny', destination: 'any', isTemporary: true } as const;
    await expect(network.inspect('nobody')).rejects.toMatchObject(missing);
    expect(() => network.log('nobody')).toThrow('There is no sandbox named "nobody".');
    await expect(network.set('nobody', {})).rejects.toMatchObject(missing);
    await expect(network.decide('nobody', decision)).rejects.toMatchObject(missing);
    await expect(network.listeners('nobody')).rejects.toMatchObject(missing);
  });

  it('change what is named, one after the other, and keep it', async () => {
    await Promise.all([
      network.set('web', { policy: 'allow-list' }),
      network.decide('web', { action: 'allow', destination: 'A.org', isTemporary: false }),
      network.decide('web', { action: 'deny', destination: 'b.org', isTemporary: false }),
      network.set('web', { bandwidth: { upload: 1 } }),
    ]);
    const expected = {
      policy: 'allow-list',
      allow: ['a.org'],
      deny: ['b.org'],
      bandwidth: { upload: 1 },
    };
    expect(configOf()).toMatchObject(expected);
    expect(await savedRecord()).toMatchObject({ config: { network: expected } });
  });

  it('have one decision on each destination, for good or for now', async () => {
    await network.decide('web', { action: 'deny', destination: 'a.org', isTemporary: true });
    expect((await savedRecord()).run).toMatchObject({
      temporaryRules: [{ action: 'deny', destination: 'a.org' }],
    });
    await network.decide('web', { action: 'allow', destination: 'a.org', isTemporary: false });
    const { temporary } = await network.decide('web', {
      ...{ action: 'deny', destination: 'A.ORG', isTemporary: false },
    });
    expect(temporary).toEqual([]);
    expect(configOf()).toMatchObject({ allow: [], deny: ['a.org'] });
    await network.decide('web', { action: 'allow', destination: 'a.org', isTemporary: true });
    const status = await network.forget('web', 'A.org');
    expect(status).toMatchObject({ temporary: [], config: { allow: [], deny: [] } });
  });

  it('refuse more than a configuration may have, and stay as it was', async () => {
    const allow = Array.from({ length: maxNetworkEntries }, (_, at) => `a${String(at)}.org`);
    await network.set('web', { allow });
    const more = { action: 'allow', destination: 'b.org', isTemporary: false } as const;
    await expect(network.decide('web', more)).rejects.toMatchObject({
      code: 'config/invalid',
      details: { issues: [{ field: 'network.allow' }] },
    });
    expect(configOf().allow).toEqual(allow);
    // A change that is refused holds no later one up.
    await network.set('web', { allow: [] });
    expect(configOf().allow).toEqual([]);
  });

  it('say how much traffic there was, though nobody watches', async () => {
    await network.set('web', { policy: 'none' });
    await socket.linked();
    socket.send(tcp(outside4, { flags: tcpFlag.syn, destinationPort: 22 }));
    await socket.packet((packet) => packet.tcp !== undefined);
    const { link, traffic } = await network.inspect('web');
    expect(link).toBe('up');
    expect(traffic.sentBytes).toBeGreaterThan(0);
    expect(traffic.receivedBytes).toBeGreaterThan(0);
  });

  it('answer what would happen to a destination', async () => {
    const question = { destination: '10.0.0.1' };
    await network.decide('web', { action: 'allow', destination: '10.0.0.1', isTemporary: true });
    expect(await network.test('web', question)).toMatchObject({ verdict: 'allow' });
    const answer = await network.testConfig(configOf(), question);
    expect(answer).toMatchObject({ verdict: 'deny' });
  });

  it('wait for a sandbox that is being created', async () => {
    const started = Promise.withResolvers<undefined>();
    fixture.onStart = () => started.promise;
    const creating = await fixture.sandboxes.create({ name: 'new', image: 'alpine' });
    await expect(network.set('new', { policy: 'none' })).rejects.toMatchObject({
      code: 'sandbox/busy',
    });
    started.resolve(undefined);
    await fixture.finish(creating);
  });
});

describe('published ports', () => {
  it('are listened on, do not come to lead elsewhere, and go by what is listened on', async () => {
    const port = await aPort();
    const at = String(port.hostPort);
    expect(await network.addPort('web', `127.0.0.1:${at}:80/tcp`)).toEqual({
      ...port,
      port: `${at}:80`,
      state: 'listening',
    });
    await network.addPort('web', `${at}:80`);
    await expect(network.addPort('web', `${at}:8080`)).rejects.toMatchObject({
      code: 'network/port-in-use',
      details: { holder: 'this sandbox, where it leads to port 80' },
    });
    expect(configOf().ports).toEqual([`${at}:80`]);
    await network.removePort('web', `${at}:1`);
    expect(configOf().ports).toEqual([]);
    expect(await isOpen(port.hostPort)).toBe(false);
    await expect(network.removePort('web', `${at}:8080`)).rejects.toMatchObject({
      code: 'network/not-published',
      message: `127.0.0.1:${at}/tcp is not published by "web".`,
    });
  });

  it('are refused where another program has them, and are not in the configuration then', async () => {
    const taken = await aPort();
    const release = await holdPort(taken.hostPort);
    const text = formatPortMapping(taken);
    await expect(network.addPort('web', text)).rejects.toMatchObject({
      code: 'network/port-in-use',
    });
    expect(configOf().ports).toEqual([]);
    expect(await savedRecord()).toMatchObject({ config: { network: { ports: [] } } });
    await release();
    expect(await network.addPort('web', text)).toMatchObject({ state: 'listening' });
  });

  it('are refused where another sandbox has them, which is named', async () => {
    const taken = await aPort();
    await network.addPort('web', formatPortMapping(taken));
    await using other = await MachineSocket.listen(path.join(directory.path, 'other'));
    fixture.networkSocket = other.path;
    await fixture.create('db');
    await expect(network.addPort('db', formatPortMapping(taken))).rejects.toMatchObject({
      code: 'network/port-in-use',
      details: { holder: 'the sandbox "web"' },
    });
    expect(fixture.sandboxes.inspect('db').config.network.ports).toEqual([]);
  });

  it('are taken back where the record cannot be written', async () => {
    const [kept, port] = [await aPort(), await aPort()];
    await network.addPort('web', formatPortMapping(kept));
    const folder = path.join(directory.path, 'sandboxes', fixture.sandboxes.inspect('web').id);
    await rename(folder, `${folder}-away`);
    await writeFile(folder, '');
    await expect(network.addPort('web', formatPortMapping(port))).rejects.toThrow();
    expect(configOf().ports).toEqual([formatPortMapping(kept)]);
    expect(await isOpen(port.hostPort)).toBe(false);
    expect(await isOpen(kept.hostPort)).toBe(true);
    await rm(folder);
    await rename(`${folder}-away`, folder);
    expect(await network.addPort('web', formatPortMapping(port))).toMatchObject({
      state: 'listening',
    });
  });

  it('are refused again where they are in the configuration and still fail', async () => {
    const taken = await aPort();
    const text = formatPortMapping(taken);
    await network.addPort('web', text);
    await fixture.sandboxes.release();
    const release = await holdPort(taken.hostPort);
    fixture.makeAgent = () => Object.assign(new FakeAgent(), { isSetUp: true });
    network = networkCalls(fixture.reopen());
    await fixture.sandboxes.restore();
    await expect(network.addPort('web', text)).rejects.toMatchObject({
      code: 'network/port-in-use',
    });
    expect(await network.set('web', { policy: 'none' })).toMatchObject({
      ports: [{ state: 'failed', problem: { code: 'network/port-in-use' } }],
    });
    await release();
    expect(await network.addPort('web', text)).toMatchObject({ state: 'listening' });
  });

  it('wait where the sandbox is stopped', async () => {
    await fixture.sandboxes.stop('web');
    const port = await aPort();
    const added = await network.addPort('web', formatPortMapping(port));
    expect(added).toMatchObject({ state: 'waiting' });
    expect(await isOpen(port.hostPort)).toBe(false);
    await fixture.finish(fixture.sandboxes.start('web'));
    expect(await isOpen(port.hostPort)).toBe(true);
  });

  it.each(['80', '0:80', '70000:80', 'localhost:80:80', '80:80/icmp'])(
    'are not "%s"',
    async (text) => {
      await expect(network.addPort('web', text)).rejects.toMatchObject({ code: 'config/invalid' });
      await expect(network.removePort('web', text)).rejects.toMatchObject({
        code: 'config/invalid',
      });
    },
  );
});

describe('what listens in the guest', () => {
  it('is told with where it is published and which port of the host is free', async () => {
    const [held, published, free] = [await freePort(), await aPort(), await freePort()];
    await using taken = new AsyncDisposableStack();
    taken.defer(await holdPort(held));
    await network.addPort('web', formatPortMapping(published));
    const [agent] = fixture.agents;
    if (agent === undefined) throw new Error('No agent was connected.');
    const any = new Uint8Array(4);
    const loopback6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1);
    agent.listening = [
      { protocol: 'tcp', address: any, port: 80, command: 'nginx' },
      { protocol: 'udp', address: any, port: 80 },
      { protocol: 'tcp', address: Uint8Array.of(127, 0, 0, 1), port: held },
      { protocol: 'tcp', address: loopback6, port: free },
      { protocol: 'tcp', address: mapped, port: free },
      { protocol: 'tcp', address: new Uint8Array(16), port: free },
    ];
    const listeners = await network.listeners('web');
    expect(listeners).toMatchObject([
      { command: 'nginx', reach: 'any', published: formatPortMapping(published) },
      { protocol: 'udp', reach: 'any' },
      { address: '127.0.0.1', reach: 'loopback' },
      { address: '::1', reach: 'loopback', suggestedHostPort: free },
      { reach: 'loopback' },
      { address: '::', reach: 'any' },
    ]);
    expect(listeners[1]).not.toHaveProperty('published');
    expect(listeners[2]?.suggestedHostPort).not.toBe(held);
    // A port of the system's is not suggested.
    expect(listeners[0]?.suggestedHostPort).toBeGreaterThanOrEqual(1024);
  });

  it('is known of a sandbox that runs', async () => {
    await fixture.sandboxes.stop('web');
    await expect(network.listeners('web')).rejects.toMatchObject({ code: 'sandbox/not-running' });
  });
});

describe('a change while a sandbox starts', () => {
  it('stays when it runs, in the record too', async () => {
    await fixture.sandboxes.stop('web');
    const begun = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    fixture.makeAgent = () => {
      const agent = new FakeAgent();
      agent.onSetUp = () => {
        begun.resolve(undefined);
        return goOn.promise;
      };
      return agent;
    };
    const starting = fixture.sandboxes.start('web');
    await begun.promise;
    const port = await aPort();
    await network.set('web', { policy: 'none' });
    await network.addPort('web', formatPortMapping(port));
    await expect
      .poll(() => network.decide('web', { ...deniedForNow }).catch(() => undefined))
      .toMatchObject({ temporary: [{ destination: 'a.org' }] });
    goOn.resolve(undefined);
    expect(await fixture.finish(starting)).toMatchObject({ state: 'succeeded' });
    expect(configOf()).toMatchObject({ policy: 'none', ports: [formatPortMapping(port)] });
    expect(await savedRecord()).toMatchObject({
      config: { network: { policy: 'none', ports: [formatPortMapping(port)] } },
      run: { temporaryRules: [{ action: 'deny', destination: 'a.org' }] },
    });
    expect(await isOpen(port.hostPort)).toBe(true);
    expect(await network.test('web', { destination: '93.184.215.14' })).toMatchObject({
      verdict: 'deny',
    });
  });
});

const deniedForNow = { action: 'deny', destination: 'a.org', isTemporary: true } as const;
