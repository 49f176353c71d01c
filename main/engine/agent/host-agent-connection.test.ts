import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  buildTimeoutMs,
  startHostAgent,
} from '../../../native-helpers/guest-agent/test/programs.ts';
import { silentLogger } from '../base/logger.ts';
import { connectAgent } from './agent-client.ts';
import { flushBytes, serializeFrame } from './frame-codec.ts';
import { hostFrames, type HostMessage } from './host-messages.ts';
import { collect } from './testing/collect-output.ts';
import { isLinux, pattern, sh, testSetup, useHostAgent } from './testing/host-agent-fixture.ts';

const host = useHostAgent();

function bytesOf(...messages: HostMessage[]): Buffer {
  return Buffer.concat(messages.flatMap(hostFrames).map(serializeFrame));
}

describe.skipIf(!isLinux)('the connection to the agent', () => {
  it('knows after a reconnect that the guest is set up', async () => {
    await host.loseHost();
    await host.reconnect();
    expect(host.agent.isSetUp).toBe(true);
  });

  it('delivers nothing of a frame that a host left half sent', async () => {
    const session = await host.agent.exec(sh('cat'));
    const whole = bytesOf({ type: 'stdin', stream: session.id, bytes: Buffer.alloc(1000, 'x') });
    await new Promise((resolve) => host.port.write(whole.subarray(0, 22), resolve));
    await host.loseHost();
    await host.reconnect();
    const again = host.sessionAgain(session);
    const collected = collect(again);
    await again.write(Buffer.from('whole'));
    again.endInput();
    expect((await collected).stdout.toString()).toBe('whole');
  });

  it('delivers nothing of it when the guest did not even see the host change', async () => {
    const session = await host.agent.exec(sh('cat'));
    const whole = bytesOf({ type: 'stdin', stream: session.id, bytes: Buffer.alloc(1000, 'x') });
    const { port } = host;
    port.removeAllListeners('data');
    port.write(whole.subarray(0, 22));
    await host.reconnect(port);
    const again = host.sessionAgain(session);
    const collected = collect(again);
    again.endInput();
    expect((await collected).stdout.toString()).toBe('');
  });

  it('finds its reply behind what was meant for an earlier host', async () => {
    await host.loseHost();
    const port = await host.openPort();
    const { env, workdir } = sh('');
    port.write(new Uint8Array(flushBytes));
    port.write(
      bytesOf(
        { type: 'hello', minVersion: 1, maxVersion: 1, nonce: new Uint8Array(16).fill(1) },
        {
          type: 'exec',
          stream: 5,
          command: ['sh', '-c', 'head -c 200000 /dev/zero; exec sleep 1000'],
          variables: [`PATH=${env['PATH'] ?? ''}`],
          workdir,
        },
      ),
    );
    // From here on the port holds the output that nobody will read in time.
    await once(port, 'readable');
    port.removeAllListeners('readable');
    await host.reconnect(port);
    const session = host.sessionAgain({ id: 5 });
    const collected = collect(session);
    session.signal(9);
    const { stdout, exit } = await collected;
    expect(exit).toEqual({ kind: 'signalled', signal: 9 });
    expect(stdout.equals(Buffer.alloc(stdout.length))).toBe(true);
  });

  it('tells sessions and waiting writes that it was lost', async () => {
    const session = await host.agent.exec(sh('exec sleep 1000'));
    const disconnected = new Promise<Error>((resolve) => {
      session.attach({
        onStdout: () => undefined,
        onStderr: () => undefined,
        onExit: () => undefined,
        onDisconnect: resolve,
      });
    });
    const written = session.write(pattern(1_000_000));
    host.port.destroy();
    await expect(written).rejects.toMatchObject({ code: 'agent/disconnected' });
    expect(await disconnected).toMatchObject({ code: 'agent/disconnected' });
    expect(await host.agent.closed).toMatchObject({ code: 'agent/disconnected' });
    await host.reconnect();
    await host.killAll();
  });

  it('ends without an error when this side closes it', async () => {
    host.agent.close();
    expect(await host.agent.closed).toBeUndefined();
    await expect(host.agent.exec(sh('true'))).rejects.toMatchObject({ code: 'agent/disconnected' });
    await host.reconnect();
  });

  it('keeps no more than so many ended sessions that nobody reads', async () => {
    const count = 80;
    const sessions = [];
    for (let index = 0; index < count; index++) sessions.push(await host.agent.exec(sh('true')));
    while (host.agent.sessions().length > 64) await collect(await host.agent.exec(sh('true')));
    const [first] = sessions;
    expect(first && (await collect(first).catch((error: unknown) => error))).toMatchObject({
      code: 'session/not-found',
    });
    await host.killAll();
    expect(host.agent.sessions()).toEqual([]);
  });

  it('refuses to set up twice, in words', async () => {
    await expect(host.agent.setUp(testSetup)).rejects.toMatchObject({
      code: 'agent/setup-failed',
      message: 'The guest could not set up twice: Operation already in progress.',
    });
  });

  it('sets the clock', async () => {
    await expect(host.agent.setClock(Date.now(), new Uint8Array(32))).resolves.toBeUndefined();
    await expect(host.agent.setClock(0, new Uint8Array(32))).rejects.toThrow('read the request');
  });

  it('takes another name, or says what of it fails', async () => {
    await expect(host.agent.takeIdentity('box-2')).resolves.toBeUndefined();
    await expect(host.agent.takeIdentity('')).rejects.toThrow('read the request');
    await expect(host.agent.takeIdentity('fails')).rejects.toMatchObject({
      code: 'agent/setup-failed',
      details: { step: 'write a machine id' },
    });
  });

  it('freezes its disk once, and thaws it once', async () => {
    await host.agent.freeze();
    await expect(host.agent.freeze()).rejects.toMatchObject({ code: 'agent/setup-failed' });
    await host.agent.thaw();
    await expect(host.agent.thaw()).rejects.toMatchObject({ code: 'agent/setup-failed' });
  });

  it('holds its processes, or says why it does not, and answers others meanwhile', async () => {
    const held = host.agent.hold();
    await expect(host.agent.stats()).resolves.toHaveProperty('memoryTotalBytes');
    await held;
    await host.agent.freeze();
    await expect(host.agent.hold()).rejects.toMatchObject({
      code: 'agent/setup-failed',
      message: 'The guest could not hold every process: Connection timed out.',
    });
    await host.agent.thaw();
  });
});

describe.skipIf(!isLinux)('a new agent', () => {
  it(
    'runs nothing before its setup, says which step fails, and shuts down',
    async () => {
      await using own = await startHostAgent();
      const agent = await connectAgent(await own.openPort(), { logger: silentLogger });
      expect(agent.isSetUp).toBe(false);
      await expect(agent.exec(sh('true'))).rejects.toMatchObject({ code: 'exec/failed' });
      await expect(agent.freeze()).rejects.toThrow('freeze the writable disk');
      await expect(agent.hold()).rejects.toThrow('hold every process');
      await expect(agent.takeIdentity('box-2')).rejects.toThrow('before it is set up');
      const patches = Array.from({ length: 1000 }, (_, index) => {
        return { kind: 'remove', path: `/${'long/'.repeat(100)}${String(index)}` } as const;
      });
      const failing = { ...testSetup, hostname: 'fails-at-a-patch', patches };
      // Longer than a frame, which the guest has to put together.
      await expect(agent.setUp(failing)).rejects.toMatchObject({
        code: 'patch/failed',
        message: 'Patch 1000 could not be applied: File exists.',
        details: { index: 999, errno: 17, reason: 'File exists' },
      });
      await expect(
        agent.setUp({ ...testSetup, patches: [...patches, ...patches, ...patches] }),
      ).rejects.toMatchObject({ code: 'config/invalid' });
      await expect(agent.setUp({ ...testSetup, hostname: 'fails' })).rejects.toMatchObject({
        code: 'agent/setup-failed',
        message: 'The guest could not mount the root: No such device.',
        details: { step: 'mount the root', errno: 19 },
      });
      await agent.shutdown();
      await own.ended;
      expect(await agent.closed).toMatchObject({ code: 'agent/disconnected' });
    },
    buildTimeoutMs,
  );
});
