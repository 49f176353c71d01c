import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maxFramesAhead,
  maxSessionPayloadBytes,
  sessionWindowBytes,
} from '../contract/session-frames.ts';
import { OutputQueue, type Notice, type Output } from './output-queue.ts';

const worthAFrame = 32 * 1024;

function piece(text: string, type: Output['type'] = 'stdout'): Output {
  return { type, bytes: Buffer.from(text) };
}

function takeAll(queue: OutputQueue, isEnded = false): (Output | Notice)[] {
  const frames: (Output | Notice)[] = [];
  for (let frame = queue.take(isEnded); frame !== undefined; frame = queue.take(isEnded)) {
    frames.push(frame);
  }
  return frames;
}

function textOf(frames: readonly (Output | Notice)[]): string[] {
  return frames.map((frame) =>
    'bytes' in frame ? Buffer.from(frame.bytes).toString() : frame.type,
  );
}

/** Bytes, and between which of them something stood. */
class Stream {
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  readonly marks: number[] = [];

  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
  mark(): void {
    this.marks.push(this.#length);
  }
  get whole(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** As many small frames as may be on their way. */
function fill(queue: OutputQueue): void {
  for (let frame = 0; frame < maxFramesAhead; frame += 1) {
    queue.push(piece('.'));
    takeAll(queue);
  }
}

describe('OutputQueue', () => {
  it('sends the first pieces at once, and joins those that come before they are used', () => {
    const queue = new OutputQueue();
    const sent: string[] = [];
    for (const letter of 'abcdefgh') {
      queue.push(piece(letter));
      sent.push(...textOf(takeAll(queue)));
    }
    expect(sent).toEqual(['a', 'b', 'c', 'd']);
    expect(queue.acknowledge(1)).toBe(true);
    expect(textOf(takeAll(queue))).toEqual(['efgh']);
    queue.push(piece('i'));
    expect(takeAll(queue)).toEqual([]);
    expect(queue.acknowledge(7)).toBe(true);
    expect(textOf(takeAll(queue))).toEqual(['i']);
  });

  it('joins neither across a size nor across the other stream', () => {
    const queue = new OutputQueue();
    fill(queue);
    for (const letter of 'ab') queue.push(piece(letter));
    queue.push(piece('err', 'stderr'));
    queue.push(piece('c'));
    queue.push({ type: 'size', rows: 10, columns: 20 });
    queue.push(piece('d'));
    queue.push(piece('e'));
    expect(textOf(takeAll(queue, true))).toEqual(['ab', 'err', 'c', 'size', 'de']);
    expect([queue.heldBytes, queue.heldNotices]).toEqual([0, 0]);
  });

  it('waits for nothing that is worth a frame, and for nothing at the end', () => {
    const queue = new OutputQueue();
    fill(queue);
    queue.push(piece('x'.repeat(worthAFrame)));
    expect(takeAll(queue)).toHaveLength(1);
    queue.push(piece('y'));
    expect(takeAll(queue)).toEqual([]);
    expect(takeAll(queue, true)).toHaveLength(1);
  });

  it('takes no acknowledgement of what was not sent', () => {
    const queue = new OutputQueue();
    queue.push(piece('ab'));
    takeAll(queue);
    expect(queue.acknowledge(3)).toBe(false);
    expect(queue.acknowledge(2)).toBe(true);
    expect(queue.unacknowledgedBytes).toBe(0);
  });

  it('brings everything in order, with few small frames on their way, whatever is used when', () => {
    const step = fc.oneof(
      fc.record({ length: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 150_000 })) }),
      fc.record({ acknowledge: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.constant({ notice: true }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new OutputQueue();
        const pushed = new Stream();
        const arrived = new Stream();
        let onTheirWay: number[] = [];
        let next = 0;
        const take = (): void => {
          for (const frame of takeAll(queue)) {
            if (!('bytes' in frame)) {
              arrived.mark();
              continue;
            }
            expect(frame.bytes.length).toBeGreaterThan(0);
            expect(frame.bytes.length).toBeLessThanOrEqual(maxSessionPayloadBytes);
            arrived.push(frame.bytes);
            onTheirWay.push(frame.bytes.length);
          }
          const small = onTheirWay.filter((length) => length < worthAFrame);
          expect(small.length).toBeLessThanOrEqual(
            maxFramesAhead + sessionWindowBytes / worthAFrame,
          );
          expect(queue.unacknowledgedBytes).toBeLessThanOrEqual(sessionWindowBytes);
        };
        const acknowledge = (byteCount: number): void => {
          expect(queue.acknowledge(byteCount)).toBe(true);
          let left = byteCount;
          onTheirWay = onTheirWay
            .map((length) => {
              const used = Math.min(left, length);
              left -= used;
              return length - used;
            })
            .filter((length) => length > 0);
        };
        for (const each of steps) {
          if ('length' in each) {
            const bytes = Uint8Array.from({ length: each.length }, () => next++ & 255);
            pushed.push(bytes);
            queue.push({ type: 'stdout', bytes });
          } else if ('notice' in each) {
            pushed.mark();
            queue.push({ type: 'size', rows: 1, columns: 1 });
          } else {
            acknowledge(Math.floor(queue.unacknowledgedBytes * each.acknowledge));
          }
          take();
        }
        // A client that uses all it has is given the rest.
        while (queue.unacknowledgedBytes > 0) {
          acknowledge(queue.unacknowledgedBytes);
          take();
        }
        expect(arrived.whole.equals(pushed.whole)).toBe(true);
        expect(arrived.marks).toEqual(pushed.marks);
      }),
      { numRuns: 50 },
    );
  });
});
