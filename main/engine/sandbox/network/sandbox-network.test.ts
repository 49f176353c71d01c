/** A real gateway in its thread, and a socket in the place of the machine. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenerOf } from '../../../contract/config/port-mapping.ts';
import { silentLogger } from '../../base/logger.ts';
import { Gateways } from '../../net/gateway/gateways.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { tcpFlag } from '../../net/wire/tcp.ts';
import { gateway4, outside4, tcp } from '../../net/stack/testing/guest-frames.ts';
import { aPort, holdPort, isOpen, tryPort } from '../../net/gateway/testing/loopback-ports.ts';
import { MachineSocket } from '../../net/gateway/testing/machine-socket.ts';
import { aNetwork, aVm, NetworkUnderTest } from '../testing/network-under-test.ts';

const directory = useTemporaryDirectory();
const gateways = new Gateways(silentLogger);
let socket: MachineSocket;
let under: NetworkUnderTest;
let lastGuestPort = 40_000;

beforeEach(async () => {
  socket = await MachineSocket.listen(path.join(directory.path, 'net'));
  under = new NetworkUnderTest(directory.path, gateways);
});

afterEach(async () => {
  await under[Symbol.asyncDispose]();
  await socket[Symbol.asyncDispose]();
});

afterAll(async () => {
  await gateways.close();
});

async function open(): Promise<void> {
  await under.network.open(aVm(socket.path));
  await socket.linked();
}

/** What the guest's connection to a port of the host comes to; without one, to elsewhere by SSH. */
async function guestTries(port?: number): Promise<'accepted' | 'refused'> {
  lastGuestPort += 1;
  const from = lastGuestPort;
  const ends = port === undefined ? outside4 : gateway4;
  const syn = { flags: tcpFlag.syn, sourcePort: from, destinationPort: port ?? 22 };
  socket.send(tcp(ends, syn));
  const answer = await socket.packet((packet) => packet.tcp?.destinationPort === from);
  return ((answer.tcp?.flags ?? 0) & tcpFlag.rst) === 0 ? 'accepted' : 'refused';
}

/** A connection of the host comes to this port of the guest. */
async function leadsTo(hostPort: number, guestPort: number): Promise<void> {
  const client = await tryPort(hostPort);
  if (typeof client === 'string') throw new Error(client);
  await socket.packet(
    ({ tcp: segment }) => segment?.flags === tcpFlag.syn && segment.destinationPort === guestPort,
  );
  client.destroy();
}

describe('what a change of the configuration does', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(() => {
    server.close();
  });

  it('reaches the policy at once, and what was decided for now comes first', async () => {
    under.config = aNetwork({ policy: 'none' });
    await open();
    expect(await guestTries(port)).toBe('refused');
    await under.change(aNetwork({ policy: 'all' }));
    expect(await guestTries(port)).toBe('accepted');
    await under.network.decideForNow('deny', 'host');
    expect(await guestTries(port)).toBe('refused');
    expect(await under.network.forgetForNow('host')).toBe(true);
    expect(await guestTries(port)).toBe('accepted');
    expect(await guestTries(port)).toBe('accepted');
  });

  it('publishes ports and takes them back', async () => {
    const [first, second] = [await aPort(), await aPort({ guestPort: 8080 })];
    under.config = aNetwork({ ports: [first] });
    await open();
    await leadsTo(first.hostPort, 80);
    const { ports } = await under.change(aNetwork({ ports: [second] }));
    expect(ports).toMatchObject([{ ...second, state: 'listening' }]);
    await leadsTo(second.hostPort, 8080);
    expect(await tryPort(first.hostPort)).toBe('ECONNREFUSED');
    await under.change(aNetwork({ ports: [{ ...second, guestPort: 9090 }] }));
    await leadsTo(second.hostPort, 9090);
  });

  it('is refused with a port that another program has, and leaves everything as it was', async () => {
    const [kept, taken] = [await aPort(), await aPort()];
    under.config = aNetwork({ ports: [kept] });
    await open();
    await using held = new AsyncDisposableStack();
    held.defer(await holdPort(taken.hostPort));
    const wanted = aNetwork({ ports: [{ ...kept, guestPort: 8080 }, taken] });
    const refused = await under.change(wanted).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'network/port-in-use',
      details: { port: listenerOf(taken), freePort: expect.any(Number) as number },
    });
    expect(under.network.status().ports).toMatchObject([{ ...kept, state: 'listening' }]);
    await leadsTo(kept.hostPort, 80);
  });

  it('is refused with an address that is none of this machine', async () => {
    await open();
    const port = await aPort({ bind: '192.0.2.1' });
    await expect(under.change(aNetwork({ ports: [port] }))).rejects.toMatchObject({
      code: 'network/port-unavailable',
    });
  });
});

describe('the network of a sandbox that does not run', () => {
  it('lets its ports wait, answers by its configuration, and decides nothing for now', async () => {
    const port = await aPort();
    const status = await under.change(aNetwork({ policy: 'all', ports: [port] }));
    expect(status).toMatchObject({
      link: 'none',
      ports: [{ ...port, state: 'waiting' }],
      traffic: { sentBytes: 0, receivedBytes: 0 },
    });
    expect(await isOpen(port.hostPort)).toBe(false);
    const asked = await under.network.ask({ destination: '10.0.0.1' });
    expect(asked.verdict).toBe('allow');
    await expect(under.network.decideForNow('deny', 'any')).rejects.toMatchObject({
      code: 'sandbox/not-running',
    });
    expect(await under.network.forgetForNow('any')).toBe(false);
    expect(under.saved).toEqual([]);
  });

  it('publishes what waited when it starts, and lets it wait again when it has stopped', async () => {
    const port = await aPort();
    await under.change(aNetwork({ ports: [port] }));
    await open();
    await leadsTo(port.hostPort, 80);
    await under.network.close();
    expect(under.network.status()).toMatchObject({ link: 'none', ports: [{ state: 'waiting' }] });
    expect(await tryPort(port.hostPort)).toBe('ECONNREFUSED');
  });

  it('does not start with a port that another program has', async () => {
    const port = await aPort();
    await using held = new AsyncDisposableStack();
    held.defer(await holdPort(port.hostPort));
    under.config = aNetwork({ ports: [port] });
    await expect(open()).rejects.toMatchObject({ code: 'network/port-in-use' });
  });

  it('has no gateway where its machine has no network', async () => {
    await under.network.open(aVm(undefined));
    await under.network.takeUp(aVm(undefined), []);
    expect([under.network.link, under.links]).toEqual(['none', []]);
  });
});

describe('what is decided for now', () => {
  it('is saved, is the latest of a destination, and ends with the machine', async () => {
    under.config = aNetwork({ policy: 'none' });
    await open();
    await under.network.decideForNow('allow', 'Example.ORG');
    await under.network.decideForNow('allow', '10.0.0.1');
    await under.network.decideForNow('deny', 'example.org');
    const rules = [
      { action: 'deny', destination: 'example.org' },
      { action: 'allow', destination: '10.0.0.1' },
    ];
    const status = under.network.status();
    expect([status.temporary, under.saved]).toEqual([rules, rules]);
    expect(status.rules[0]).toEqual({ text: 'deny example.org', source: 'temporary' });
    const asked = await under.network.ask({ destination: '10.0.0.1' });
    expect(asked).toMatchObject({ verdict: 'allow', steps: [{ source: 'temporary' }] });
    await under.network.close();
    expect(under.network.status().temporary).toEqual([]);
    expect((await under.network.ask({ destination: '10.0.0.1' })).verdict).toBe('deny');
  });
});

describe('the link', () => {
  it('is up with the gateway, down while the machine’s side is gone, and comes back', async () => {
    await open();
    expect(under.network.link).toBe('up');
    socket.cut();
    await under.linkIs('down');
    await under.linkIs('up');
    expect(under.links).toEqual(['up', 'down', 'up']);
    await under.network.close();
    expect(under.network.link).toBe('none');
    expect(under.links).toEqual(['up', 'down', 'up']);
  });

  it('comes back after the thread of the gateway has died, with what was changed meanwhile', async () => {
    const threads: Worker[] = [];
    const remember = (thread: Worker): unknown => threads.push(thread);
    process.on('worker', remember);
    const own = new Gateways(silentLogger);
    under = new NetworkUnderTest(directory.path, own);
    const [port, gone] = [await aPort(), await aPort()];
    under.config = aNetwork({ policy: 'all', ports: [port, gone] });
    await open();
    const down = under.linkIs('down');
    await threads[0]?.terminate();
    await down;
    process.off('worker', remember);
    await under.change(aNetwork({ policy: 'none', ports: [port] }));
    await expect.poll(() => isOpen(port.hostPort), { timeout: 20_000 }).toBe(true);
    await under.linkIs('up');
    await socket.linked(2);
    await leadsTo(port.hostPort, 80);
    expect(await isOpen(gone.hostPort)).toBe(false);
    expect(await guestTries()).toBe('refused');
    await own.close();
  });
});

describe('the next host process', () => {
  it('takes up link, ports, decisions for now and the log', async () => {
    const [port, taken] = [await aPort(), await aPort()];
    under.config = aNetwork({ policy: 'none', ports: [port, taken] });
    await open();
    await under.network.decideForNow('allow', '10.0.0.1');
    expect(await guestTries()).toBe('refused');
    await leadsTo(port.hostPort, 80);
    await under.network.release();
    expect(await isOpen(port.hostPort)).toBe(false);
    await using held = new AsyncDisposableStack();
    held.defer(await holdPort(taken.hostPort));

    const { config, saved } = under;
    under = new NetworkUnderTest(directory.path, gateways);
    under.config = config;
    await under.network.load();
    const decided = under.network.log().map(({ direction, verdict }) => [direction, verdict]);
    expect(decided).toEqual([
      ['egress', 'deny'],
      ['ingress', 'allow'],
    ]);
    await under.network.takeUp(aVm(socket.path), saved);
    await socket.linked(2);
    expect(under.network.status()).toMatchObject({
      link: 'up',
      temporary: [{ action: 'allow', destination: '10.0.0.1' }],
      ports: [
        { ...port, state: 'listening' },
        { ...taken, state: 'failed', problem: { code: 'network/port-in-use' } },
      ],
    });
    await leadsTo(port.hostPort, 80);
    expect(await guestTries()).toBe('refused');
    expect((await under.network.ask({ destination: '10.0.0.1' })).verdict).toBe('allow');
  });

  it('goes on without what it cannot take up, and says so', async () => {
    const fails = { open: () => Promise.reject(new Error('connect ENOENT')) };
    await using other = new NetworkUnderTest(directory.path, fails);
    await other.network.takeUp(aVm(socket.path), [{ action: 'deny', destination: 'any' }]);
    expect(other.network.status()).toMatchObject({ link: 'down', temporary: [{}] });
    expect(other.warnings).toEqual(['The network of a running sandbox could not be taken up.']);
  });
});

describe('those who watch', () => {
  it('hear the status, the log, and then what happens', async () => {
    under.config = aNetwork({ policy: 'none' });
    await open();
    expect(await guestTries()).toBe('refused');
    const first = await under.heard(
      (event) => event.type === 'decisions' && event.decisions.length > 0,
    );
    expect(first).toMatchObject({
      decisions: [{ verdict: 'deny', address: '93.184.215.14', port: 22, source: 'policy' }],
    });
    const events: string[] = [];
    const stop = under.network.subscribe((event) => events.push(event.type));
    expect(events).toEqual(['status', 'decisions']);
    stop();
    await under.change(aNetwork({ policy: 'all' }));
    expect(events).toEqual(['status', 'decisions']);
  });

  it('hear of the traffic, which others ask for', async () => {
    under.config = aNetwork({ policy: 'none' });
    await open();
    expect(await guestTries()).toBe('refused');
    const { traffic } = await under.network.freshStatus();
    expect(traffic.sentBytes).toBeGreaterThan(0);
    expect(traffic.receivedBytes).toBeGreaterThan(0);
    await under.network.close();
    expect((await under.network.freshStatus()).traffic.sentBytes).toBe(0);
  });
});
