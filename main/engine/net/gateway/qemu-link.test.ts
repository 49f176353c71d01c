import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { QemuLink } from './qemu-link.ts';

const directory = useTemporaryDirectory();
const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function framed(frame: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

/** A link, QEMU's end of it, and what was told. */
async function connected(name = 'link') {
  const frames: Uint8Array[] = [];
  const batches: number[] = [];
  const closed = Promise.withResolvers<undefined>();
  const drained = Promise.withResolvers<undefined>();
  let expected = Infinity;
  let arrived = Promise.withResolvers<undefined>();
  const server = createServer();
  const path = join(directory.path, name);
  server.listen(path);
  await once(server, 'listening');
  const connection = once(server, 'connection');
  const link = await QemuLink.open(path, {
    onFrame: (frame) => frames.push(frame),
    onBatch: () => {
      batches.push(frames.length);
      if (frames.length >= expected) arrived.resolve(undefined);
    },
    onDrain: () => {
      drained.resolve(undefined);
    },
    onClosed: () => {
      closed.resolve(undefined);
    },
  });
  const [qemu] = (await connection) as [Socket];
  qemu.on('error', () => undefined);
  disposals.push(() => {
    link.close();
    qemu.destroy();
    server.close();
  });
  const waitFor = (count: number): Promise<undefined> => {
    expected = count;
    arrived = Promise.withResolvers();
    if (frames.length >= count) arrived.resolve(undefined);
    return arrived.promise;
  };
  return { link, qemu, frames, batches, waitFor, closed: closed.promise, drained: drained.promise };
}

describe('frames of QEMU', () => {
  it('arrive whole and in order, however they are cut', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 1600 }), fc.constant(69_632)), {
      minLength: 1,
      maxLength: 30,
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 20 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(sizes, cuts, async (lengths, pieces) => {
        count += 1;
        const test = await connected(`link-${String(count)}`);
        const sent = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
        const stream = Buffer.concat(sent.map(framed));
        for (let at = 0, index = 0; at < stream.length; index += 1) {
          const end = at + (pieces[index % pieces.length] ?? 1);
          await new Promise((resolve) => test.qemu.write(stream.subarray(at, end), resolve));
          at = end;
        }
        await test.waitFor(sent.length);
        // Also the first ones: nothing is written over what was given.
        expect(
          test.frames.map((frame) =>
            Buffer.from(frame).equals(Buffer.alloc(frame.length, frame[0])),
          ),
        ).not.toContain(false);
        expect(test.frames.map(({ length }) => length)).toEqual(lengths);
        expect(
          test.frames.every((frame, index) => frame.length === 0 || frame[0] === index + 1),
        ).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('end the link where a length is beyond what QEMU sends', async () => {
    const test = await connected();
    test.qemu.write(Buffer.concat([framed(Uint8Array.of(1)), Buffer.from([0, 1, 0x10, 1])]));
    await test.closed;
    expect(test.frames.map((frame) => [...frame])).toEqual([[1]]);
  });

  it('still arrive after the link was paused and resumed', async () => {
    const test = await connected();
    test.link.pause();
    test.qemu.write(framed(Uint8Array.of(1)));
    test.link.resume();
    await test.waitFor(1);
    expect(test.frames).toEqual([Uint8Array.of(1)]);
  });
});

describe('frames to QEMU', () => {
  it('go out behind each other, in pieces as they are given', async () => {
    const test = await connected();
    const parts: Buffer[] = [];
    test.qemu.on('data', (part) => parts.push(part));
    test.link.send(Uint8Array.of(0, 0, 0, 3, 1), [Uint8Array.of(2), Uint8Array.of(3)]);
    test.link.send(Uint8Array.of(0, 0, 0, 1, 4), []);
    test.link.flush();
    while (Buffer.concat(parts).length < 12) await once(test.qemu, 'data');
    expect([...Buffer.concat(parts)]).toEqual([0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 4]);
  });

  it('make the link busy where nobody reads, until somebody does', async () => {
    const test = await connected();
    test.qemu.pause();
    expect(test.link.isBusy).toBe(false);
    for (let count = 0; count < 64; count += 1) test.link.send(new Uint8Array(65_536), []);
    test.link.flush();
    expect(test.link.isBusy).toBe(true);
    test.qemu.resume();
    await test.drained;
    expect(test.link.isBusy).toBe(false);
  });

  it('may come after the end', async () => {
    const test = await connected();
    test.qemu.destroy();
    await test.closed;
    test.link.send(Uint8Array.of(0, 0, 0, 0), []);
    test.link.flush();
  });
});

it('a link is refused where nobody listens', async () => {
  const events = { onFrame: () => 0, onBatch: () => 0, onDrain: () => 0, onClosed: () => 0 };
  await expect(QemuLink.open(join(directory.path, 'nobody'), events)).rejects.toThrow('ENOENT');
});
