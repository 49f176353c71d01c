import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maxFramesAhead,
  maxSessionPayloadBytes,
  parseHostFrame,
  serializeClientFrame,
  sessionWindowBytes,
  type ClientFrame,
  type HostFrame,
} from '../contract/session-frames.ts';
import { silentLogger } from '../engine/index.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { patternBytes } from '../engine/testing/fake-session.ts';
import { serveSession, type ByteChannel } from './session-channel.ts';

/** The client's end: what it heard, and ways to speak. */
class TestClient implements ByteChannel {
  readonly frames: HostFrame[] = [];
  isClosed = false;
  #onMessage: (bytes: Uint8Array) => void = () => undefined;
  #onClose: () => void = () => undefined;
  #changed = (): void => undefined;

  send(bytes: Uint8Array): void {
    expect(this.isClosed).toBe(false);
    expect(bytes.length).toBeLessThanOrEqual(1 + maxSessionPayloadBytes);
    const frame = parseHostFrame(bytes);
    if (frame === undefined) throw new Error('The host sent something that is not a frame.');
    this.frames.push(frame);
    this.#changed();
  }
  onMessage(listener: (bytes: Uint8Array) => void): void {
    this.#onMessage = listener;
  }
  onClose(listener: () => void): void {
    this.#onClose = listener;
  }
  close(): void {
    this.isClosed = true;
    this.#onClose();
  }

  say(frame: ClientFrame): void {
    this.#onMessage(serializeClientFrame(frame));
  }
  sayRaw(bytes: Uint8Array): void {
    this.#onMessage(bytes);
  }
  leave(): void {
    this.#onClose();
  }
  count(type: HostFrame['type']): number {
    let bytes = 0;
    for (const frame of this.frames) {
      if (frame.type !== type) continue;
      if ('bytes' in frame) bytes += frame.bytes.length;
      if ('byteCount' in frame) bytes += frame.byteCount;
    }
    return bytes;
  }
  get output(): Buffer {
    const parts = this.frames.flatMap((frame) => (frame.type === 'stdout' ? [frame.bytes] : []));
    return Buffer.concat(parts);
  }
  get last(): HostFrame | undefined {
    return this.frames.at(-1);
  }
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

async function open(
  command: string[],
): Promise<{ client: TestClient; engine: FakeEngine; id: string }> {
  const engine = new FakeEngine();
  const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
  await engine.operations.wait(operation.id);
  const { id } = await engine.sandboxes.exec({ name: 'web', command });
  const client = new TestClient();
  serveSession(engine, id, client, silentLogger);
  return { client, engine, id };
}

const maxPieces = 12;
const pattern = patternBytes(maxPieces * maxSessionPayloadBytes);

describe('serveSession', () => {
  it('brings input to the command and its output back, however the client cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: maxSessionPayloadBytes }), { maxLength: maxPieces }),
        async (sizes) => {
          const { client } = await open(['cat']);
          const bytes = pattern.subarray(
            0,
            sizes.reduce((sum, size) => sum + size, 0),
          );
          let sent = 0;
          let acknowledged = 0;
          const useOutput = (): void => {
            const output = client.count('stdout');
            client.say({ type: 'ack', byteCount: output - acknowledged });
            acknowledged = output;
          };
          for (const size of sizes) {
            await client.until(() => {
              useOutput();
              return sent + size - client.count('ack') <= sessionWindowBytes;
            });
            client.say({ type: 'input', bytes: bytes.subarray(sent, sent + size) });
            sent += size;
          }
          await client.until(() => {
            useOutput();
            return client.count('ack') === bytes.length;
          });
          client.say({ type: 'input-end' });
          await client.until(() => client.isClosed || client.last?.type === 'exit');

          expect(client.output.equals(bytes)).toBe(true);
          expect(client.last).toEqual({ type: 'exit', status: { kind: 'exited', code: 0 } });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('sends no more output than the window until it is acknowledged', async () => {
    const { client } = await open(['flood', '1000000']);
    let acknowledged = 0;
    while (acknowledged < 1_000_000) {
      expect(client.last).toMatchObject({ type: 'stdout' });
      const output = client.count('stdout');
      expect(output - acknowledged).toBe(Math.min(sessionWindowBytes, 1_000_000 - acknowledged));
      client.say({ type: 'ack', byteCount: output - acknowledged });
      acknowledged = output;
    }
    await client.until(() => client.isClosed || client.last?.type === 'exit');
    expect(client.output.equals(patternBytes(1_000_000))).toBe(true);
    expect(client.last).toEqual({ type: 'exit', status: { kind: 'exited', code: 0 } });
    expect(client.isClosed).toBe(true);
  });

  it('keeps stderr apart', async () => {
    const { client } = await open(['warn', 'careful']);
    expect(client.frames).toEqual([
      { type: 'stderr', bytes: new TextEncoder().encode('careful\n') },
      { type: 'exit', status: { kind: 'exited', code: 0 } },
    ]);
  });

  it('takes a client that was sent the end to have read it', async () => {
    const { client, engine, id } = await open(['warn', 'careful']);
    expect(client.isClosed).toBe(true);
    expect(engine.session(id).unacknowledgedBytes).toBe(0);
  });

  it('passes sizes and signals on', async () => {
    const { client } = await open(['size']);
    client.say({ type: 'resize', rows: 40, columns: 120 });
    client.say({ type: 'signal', signal: 15 });
    expect(new TextDecoder().decode(client.output)).toBe('no terminal\n40 120\n');
    expect(client.last).toEqual({ type: 'exit', status: { kind: 'signalled', signal: 15 } });
  });

  it('sends small output at once, and joins what comes before a client has used that', async () => {
    const { client } = await open(['size']);
    const sizes = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const rows of sizes) client.say({ type: 'resize', rows, columns: 80 });
    expect(client.frames).toHaveLength(maxFramesAhead);
    client.say({ type: 'ack', byteCount: client.count('stdout') });
    expect(client.frames).toHaveLength(maxFramesAhead + 1);
    const lines = ['no terminal', ...sizes.map((rows) => `${String(rows)} 80`)];
    expect(client.output.toString()).toBe(`${lines.join('\n')}\n`);
    client.say({ type: 'signal', signal: 15 });
    expect(client.last).toEqual({ type: 'exit', status: { kind: 'signalled', signal: 15 } });
  });

  it('leaves the command running when the client goes', async () => {
    const { client, engine, id } = await open(['cat']);
    client.leave();
    const next = new TestClient();
    serveSession(engine, id, next, silentLogger);
    next.say({ type: 'input', bytes: patternBytes(10) });
    next.say({ type: 'input-end' });
    expect(next.output.equals(patternBytes(10))).toBe(true);
    expect(client.frames).toEqual([]);
  });

  it('tells the earlier client when another takes over', async () => {
    const { client, engine, id } = await open(['cat']);
    serveSession(engine, id, new TestClient(), silentLogger);
    expect(client.last).toMatchObject({ type: 'error', error: { code: 'session/taken-over' } });
    expect(client.isClosed).toBe(true);
  });

  it('says when there is no such session', () => {
    const client = new TestClient();
    serveSession(new FakeEngine(), 'nothing', client, silentLogger);
    expect(client.frames).toMatchObject([{ type: 'error', error: { code: 'session/not-found' } }]);
    expect(client.isClosed).toBe(true);
  });

  it('says in its place what size the output is drawn at', async () => {
    const engine = new FakeEngine();
    const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(operation.id);
    const tty = { rows: 24, columns: 80 };
    const { id } = await engine.sandboxes.exec({ name: 'web', command: ['size'], tty });
    const client = new TestClient();
    serveSession(engine, id, client, silentLogger);
    await client.until(() => client.frames.length === 2);
    client.say({ type: 'resize', rows: 10, columns: 20 });
    client.say({ type: 'sizing', sizing: 'mine' });
    await client.until(() => client.frames.length === 4);
    const text = (output: string) => ({ type: 'stdout', bytes: new TextEncoder().encode(output) });
    expect(client.frames).toMatchObject([
      { type: 'attached', rows: 24, columns: 80, replayBytes: 6, gapBytes: 0 },
      text('24 80\n'),
      text('10 20\n'),
      { type: 'size', rows: 10, columns: 20 },
    ]);
  });

  it('serves a terminal to many, and ends for each', async () => {
    const engine = new FakeEngine();
    const operation = await engine.sandboxes.create({ name: 'web', image: 'skerry/starter' });
    await engine.operations.wait(operation.id);
    const tty = { rows: 24, columns: 80 };
    const { id } = await engine.sandboxes.exec({ name: 'web', command: ['cat'], tty });
    const clients = [new TestClient(), new TestClient()];
    for (const client of clients) serveSession(engine, id, client, silentLogger);
    clients[0]?.say({ type: 'input', bytes: patternBytes(26).map((byte) => 97 + (byte % 26)) });
    for (const client of clients) await client.until(() => client.count('stdout') === 26);
    engine.session(id).end({ kind: 'exited', code: 0 });
    for (const client of clients) {
      await client.until(() => client.isClosed);
      expect(client.last).toEqual({ type: 'exit', status: { kind: 'exited', code: 0 } });
    }
    expect(clients[0]?.output.equals(clients[1]?.output ?? Buffer.alloc(0))).toBe(true);
  });

  const tooMuch = new Uint8Array(maxSessionPayloadBytes);
  it.each<[string, (client: TestClient) => void]>([
    [
      'floods beyond its window',
      (client) => {
        for (let i = 0; i <= 2 * (sessionWindowBytes / tooMuch.length); i += 1) {
          client.say({ type: 'input', bytes: tooMuch });
        }
      },
    ],
    [
      'acknowledges what was not sent',
      (client) => {
        client.say({ type: 'ack', byteCount: 1 });
      },
    ],
    [
      'sends input after its end',
      (client) => {
        client.say({ type: 'input-end' });
        client.say({ type: 'input', bytes: tooMuch });
      },
    ],
    [
      'sends a size of nothing',
      (client) => {
        client.say({ type: 'resize', rows: 0, columns: 80 });
      },
    ],
    [
      'sends signal 0',
      (client) => {
        client.say({ type: 'signal', signal: 0 });
      },
    ],
    [
      'sends bytes that are no frame',
      (client) => {
        client.sayRaw(Uint8Array.of(99, 1, 2));
      },
    ],
    [
      'sends nothing at all',
      (client) => {
        client.sayRaw(new Uint8Array());
      },
    ],
  ])('ends with an error where the client %s', async (_, misbehave) => {
    const { client } = await open(['wait']);
    // A command that never reads and never ends: what is written stays unacknowledged.
    misbehave(client);
    expect(client.last).toMatchObject({ type: 'error', error: { code: 'session/protocol' } });
    expect(client.isClosed).toBe(true);
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 8 }),
        async (all) => {
          const { client } = await open(['wait']);
          for (const bytes of all) client.sayRaw(bytes);
          const ends = client.frames.filter(({ type }) => type === 'exit' || type === 'error');
          expect(ends.length).toBeLessThanOrEqual(1);
          expect(client.isClosed).toBe(ends.length === 1);
        },
      ),
    );
  });
});
