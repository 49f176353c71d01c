/** Ports that are really listened on, of a gateway without a guest. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkSchema } from '../../../contract/config/network.ts';
import { listenerOf, type PortMapping } from '../../../contract/config/port-mapping.ts';
import { PublishedPorts } from '../../net/gateway/published-ports.ts';
import { noKnowledge } from '../../net/policy/decide.ts';
import { compilePolicy } from '../../net/policy/policy.ts';
import { StackUnderTest } from '../../net/stack/testing/stack-under-test.ts';
import { SandboxPorts, type PortKeeper } from './sandbox-ports.ts';
import { aPort, holdPort, isOpen } from '../../net/gateway/testing/loopback-ports.ts';

let listening: PublishedPorts;
let ports: SandboxPorts;
/** What was asked of the gateway, in order. */
let asked: string[];

function startListening(): PortKeeper {
  const { stack } = new StackUnderTest();
  const own = new PublishedPorts({
    policy: () => compilePolicy(networkSchema.parse({})),
    knowledge: noKnowledge,
    stack: () => stack,
    onDecision: () => undefined,
    flush: () => undefined,
    onPeer: () => undefined,
  });
  listening = own;
  return {
    addPort: async (port) => {
      asked.push(`+${String(port.hostPort)}:${String(port.guestPort)}`);
      await own.add(port);
    },
    removePort: async (port) => {
      asked.push(`-${String(port.hostPort)}`);
      await own.remove(port);
    },
  };
}

beforeEach(() => {
  asked = [];
  ports = new SandboxPorts();
  ports.attach(startListening());
});

afterEach(async () => {
  await listening.close();
});

const stateOf = (port: PortMapping) => ports.describe(port).state;
const settle = (...wanted: readonly PortMapping[]) => ports.settle(() => wanted);

/** As a configuration changes: what cannot be had is refused, the rest is done when it is saved. */
async function change(...wanted: readonly PortMapping[]): Promise<void> {
  await ports.prepare(wanted);
  await settle(...wanted);
}

describe('the ports of a sandbox', () => {
  it('are listened on as long as they are wanted, and not asked for twice', async () => {
    const [first, second] = [await aPort(), await aPort({ protocol: 'udp' })];
    await change(first, second);
    expect([stateOf(first), stateOf(second)]).toEqual(['listening', 'listening']);
    expect(await isOpen(first.hostPort)).toBe(true);
    asked = [];
    await change(first, second);
    expect(asked).toEqual([]);
    await change(second);
    expect(asked).toEqual([`-${String(first.hostPort)}`]);
    expect([stateOf(first), stateOf(second)]).toEqual(['waiting', 'listening']);
    expect(await isOpen(first.hostPort)).toBe(false);
  });

  it('end only when a change is made, but where they stand in the way of it', async () => {
    const [gone, moved] = [await aPort(), await aPort()];
    await change(gone, moved);
    const open = { ...moved, bind: '0.0.0.0' };
    await ports.prepare([open]);
    expect([stateOf(gone), stateOf(moved), stateOf(open)]).toEqual([
      'listening',
      'waiting',
      'listening',
    ]);
    await settle(open);
    expect(stateOf(gone)).toBe('waiting');
    expect(await isOpen(moved.hostPort)).toBe(true);
  });

  it('lead elsewhere at once', async () => {
    const port = await aPort();
    await change(port);
    await change({ ...port, guestPort: 8080 });
    const at = String(port.hostPort);
    expect(asked).toEqual([`+${at}:80`, `-${at}`, `+${at}:8080`]);
    expect(await isOpen(port.hostPort)).toBe(true);
  });

  it('are as before when a change is refused or taken back', async () => {
    const [kept, led, moved, fresh] = [await aPort(), await aPort(), await aPort(), await aPort()];
    const taken = await aPort();
    await change(kept, led, moved);
    const wanted = [{ ...led, guestPort: 8080 }, { ...moved, bind: '0.0.0.0' }, fresh];
    const isAsBefore = async (): Promise<void> => {
      expect([kept, led, moved, fresh].map(stateOf)).toEqual([
        ...['listening', 'listening', 'listening'],
        'waiting',
      ]);
      const open = [kept, led, moved, fresh].map(({ hostPort }) => isOpen(hostPort));
      expect(await Promise.all(open)).toEqual([true, true, true, false]);
      expect(ports.describe({ ...moved, bind: '0.0.0.0' }).state).toBe('waiting');
      const last = asked.filter((line) => line.startsWith(`+${String(led.hostPort)}`)).at(-1);
      expect(last).toBe(`+${String(led.hostPort)}:80`);
    };
    const release = await holdPort(taken.hostPort);
    await expect(ports.prepare([...wanted, taken])).rejects.toMatchObject({
      code: 'network/port-in-use',
      details: { port: listenerOf(taken) },
    });
    await isAsBefore();
    expect(stateOf(taken)).toBe('waiting');
    await release();
    const undo = await ports.prepare([...wanted, taken]);
    expect(await isOpen(fresh.hostPort)).toBe(true);
    await undo();
    await isAsBefore();
  });

  it('say why one fails, and are no reason against another change', async () => {
    const [taken, other] = [await aPort(), await aPort()];
    const release = await holdPort(taken.hostPort);
    await settle(taken);
    expect(ports.describe(taken)).toMatchObject({
      state: 'failed',
      problem: { code: 'network/port-in-use', details: { port: listenerOf(taken) } },
    });
    await change(taken, other);
    expect([stateOf(taken), stateOf(other)]).toEqual(['failed', 'listening']);
    await release();
    await change(taken, other);
    expect(stateOf(taken)).toBe('listening');
    expect(ports.describe(taken)).not.toHaveProperty('problem');
  });

  it('fail a boot with the first that fails', async () => {
    const [first, taken] = [await aPort(), await aPort()];
    await using held = new AsyncDisposableStack();
    held.defer(await holdPort(taken.hostPort));
    await expect(ports.listen(() => [first, taken])).rejects.toMatchObject({
      code: 'network/port-in-use',
    });
  });

  it('wait while nothing listens, whatever changes', async () => {
    ports.detach();
    const port = await aPort();
    await change(port);
    expect([stateOf(port), asked]).toEqual(['waiting', []]);
    ports.attach(startListening());
    await ports.listen(() => [port]);
    expect(stateOf(port)).toBe('listening');
    ports.detach();
    expect(stateOf(port)).toBe('waiting');
  });

  it('wait where what listens ends meanwhile', async () => {
    const port = await aPort();
    const added = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const addPort = (): Promise<undefined> => {
      begun.resolve(undefined);
      return added.promise;
    };
    ports.attach({ addPort, removePort: () => Promise.resolve() });
    const settled = settle(port);
    await begun.promise;
    ports.detach();
    added.resolve(undefined);
    await settled;
    expect(stateOf(port)).toBe('waiting');
  });

  it('are all listened on again', async () => {
    const [port, taken] = [await aPort(), await aPort()];
    await change(port, taken);
    await listening.close();
    expect(await isOpen(port.hostPort)).toBe(false);
    await using held = new AsyncDisposableStack();
    held.defer(await holdPort(taken.hostPort));
    await ports.listenAgain(() => [port, taken]);
    expect([stateOf(port), stateOf(taken)]).toEqual(['listening', 'failed']);
    expect(await isOpen(port.hostPort)).toBe(true);
  });

  it('change one after the other, as is wanted last', async () => {
    const [first, second] = [await aPort(), await aPort()];
    const keeper = startListening();
    const begun = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    const addPort = async (port: PortMapping): Promise<void> => {
      begun.resolve(undefined);
      await goOn.promise;
      await keeper.addPort(port);
    };
    ports.attach({ ...keeper, addPort });
    const one = settle(first);
    await begun.promise;
    const two = settle(second);
    goOn.resolve(undefined);
    await Promise.all([one, two]);
    expect([stateOf(first), stateOf(second)]).toEqual(['waiting', 'listening']);
    expect(await isOpen(first.hostPort)).toBe(false);
  });

  it('warn of other machines', async () => {
    const port = await aPort();
    expect(ports.describe(port)).not.toHaveProperty('warning');
    expect(ports.describe({ ...port, bind: '0.0.0.0' }).warning).toMatch(/^Other machines/);
    expect(ports.describe({ ...port, bind: '::', protocol: 'udp' })).toMatchObject({
      port: `[::]:${String(port.hostPort)}:80/udp`,
      warning: expect.any(String) as string,
    });
  });
});
