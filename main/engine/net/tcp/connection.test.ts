import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from './connection.ts';
import type { Segment } from './segment.ts';
import { tcpFlag as flag } from '../wire/tcp.ts';
import { SimulatedLink, type Fate } from './testing/simulated-link.ts';

const options = { initialSequence: 1000, mss: 1000, receiveLimitBytes: 16_000 };
const atWrap = { ...options, initialSequence: 0xffff_fff0 };
const hourMs = 60 * 60 * 1000;

function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);
}

describe('a connection', () => {
  it.each([
    ['as it comes', options],
    ['over the end of the sequence numbers', atWrap],
  ])('carries both directions and ends, %s', (_what, ends) => {
    const link = new SimulatedLink();
    link.open(ends, ends);
    link.peer.connection?.write(bytes(100_000, 1));
    link.peer.connection?.end();
    link.run(100);
    expect(link.gateway.isEstablished).toBe(true);
    link.gateway.connection?.write(bytes(70_001, 2));
    link.gateway.connection?.end();
    link.run(hourMs);
    expect(link.gateway.receivedBytes).toEqual(Buffer.from(bytes(100_000, 1)));
    expect(link.peer.receivedBytes).toEqual(Buffer.from(bytes(70_001, 2)));
    expect([link.gateway.hasEnded, link.peer.hasEnded]).toEqual([true, true]);
    expect([link.gateway.closedBy, link.peer.closedBy]).toEqual(['finished', 'finished']);
    expect(link.gateway.takenBytes).toBe(70_001);
  });

  it('gives the right stream whatever the link loses, repeats and reorders', () => {
    const fate = fc.oneof(
      { weight: 6, arbitrary: fc.constant<Fate>([1]) },
      { weight: 1, arbitrary: fc.constant<Fate>([]) },
      { weight: 1, arbitrary: fc.constant<Fate>([1, 1, 30]) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 900 }).map((delay): Fate => [delay]) },
    );
    const writes = fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.infiniteStream(fate),
        writes,
        writes,
        fc.boolean(),
        fc.constantFrom(options, atWrap),
        (fates, up, down, isLazy, ends) => {
          let count = 0;
          const link = new SimulatedLink(() => {
            count += 1;
            // A link that loses for ever proves nothing.
            return count > 2000 ? [1] : (fates.next().value as Fate);
          });
          link.open(ends, { ...ends, mss: 700 });
          const sent = { up: [] as Uint8Array[], down: [] as Uint8Array[] };
          link.gateway.isReading = !isLazy;
          for (const [index, length] of up.entries()) {
            sent.up.push(bytes(length, index));
            link.peer.connection?.write(bytes(length, index));
          }
          link.peer.connection?.end();
          let hasWritten = false;
          link.run(10 * hourMs, () => {
            // A reader that comes back now and then.
            if (isLazy && count % 7 === 0) link.gateway.resume();
            link.gateway.isReading = !isLazy || link.gateway.hasEnded;
            if (hasWritten || !link.gateway.isEstablished) return;
            hasWritten = true;
            for (const [index, length] of down.entries()) {
              sent.down.push(bytes(length, index + 100));
              link.gateway.connection?.write(bytes(length, index + 100));
            }
            link.gateway.connection?.end();
          });
          expect(Buffer.concat(sent.up).equals(link.gateway.receivedBytes)).toBe(true);
          expect(Buffer.concat(sent.down).equals(link.peer.receivedBytes)).toBe(true);
          // A last segment that is lost for longer than the other end waits is answered by a reset.
          expect(['finished', 'reset']).toContain(link.gateway.closedBy);
          expect(link.gateway.maxUnusedBytes).toBeLessThanOrEqual(ends.receiveLimitBytes);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('holds a sender back while nobody reads, and goes on when somebody does', () => {
    const link = new SimulatedLink();
    link.open(options, options);
    link.gateway.isReading = false;
    link.peer.connection?.write(bytes(100_000, 3));
    link.run(10 * 60 * 1000);
    expect(link.gateway.receivedBytes.length).toBeLessThanOrEqual(16_000);
    expect(link.gateway.receivedBytes.length).toBeGreaterThan(15_000);
    expect(link.peer.closedBy).toBeUndefined();
    link.gateway.resume();
    link.run(20 * 60 * 1000);
    expect(link.gateway.receivedBytes).toEqual(Buffer.from(bytes(100_000, 3)));
  });

  it('answers after an hour of silence, and gives up a peer that is gone after more than two', () => {
    let isCut = false;
    const link = new SimulatedLink(() => (isCut ? [] : [1]));
    link.open(options, options);
    link.run(hourMs);
    link.peer.connection?.write(bytes(10, 4));
    link.run(2 * hourMs);
    expect(link.gateway.receivedBytes).toHaveLength(10);
    link.run(9 * hourMs);
    expect(link.gateway.closedBy).toBeUndefined();
    isCut = true;
    link.run(13 * hourMs);
    expect([link.gateway.closedBy, link.peer.closedBy]).toEqual(['timeout', 'timeout']);
  });

  it('gives up what is never acknowledged', () => {
    let isCut = false;
    const link = new SimulatedLink(() => (isCut ? [] : [1]));
    link.open(options, options);
    link.run(10);
    isCut = true;
    link.gateway.connection?.write(bytes(10, 5));
    link.run(hourMs);
    expect(link.gateway.closedBy).toBe('timeout');
    expect(link.gateway.sentSegments).toBeLessThan(30);
  });

  it('resets at once, and hears a reset', () => {
    const link = new SimulatedLink();
    link.open(options, options);
    link.run(10);
    link.gateway.connection?.abort();
    link.run(20);
    expect([link.gateway.closedBy, link.peer.closedBy]).toEqual(['reset', 'reset']);
  });

  it('does not end by a reset whose number is a guess', () => {
    const link = new SimulatedLink();
    link.open(options, options);
    link.run(10);
    const guess = { sequence: 1001 + 500, acknowledgment: 0, flags: flag.rst, window: 0 };
    link.gateway.connection?.receive(guess, new Uint8Array(), 10);
    link.gateway.connection?.flush(10);
    expect(link.gateway.closedBy).toBeUndefined();
  });

  it('goes on when what is sent is busy for a while', () => {
    let isBusy = true;
    const sent: Segment[] = [];
    const syn = { sequence: 7, acknowledgment: 0, flags: flag.syn, window: 60_000, mss: 1460 };
    const events = {
      transmit: (segment: Segment) => sent.push(segment),
      isBusy: () => isBusy,
      onEstablished: () => undefined,
      onData: () => undefined,
      onEnd: () => undefined,
      onTaken: () => undefined,
      onClosed: () => undefined,
    };
    const connection = Connection.ofSyn(syn, events, options, 0);
    connection.accept(0);
    const ack = { sequence: 8, acknowledgment: 1001, flags: flag.ack, window: 60_000 };
    connection.receive(ack, new Uint8Array(), 0);
    connection.write(bytes(10, 1));
    connection.flush(0);
    expect(sent).toHaveLength(1);
    isBusy = false;
    connection.flush(1);
    expect(sent[1]).toMatchObject({ sequence: 1001, acknowledgment: 8 });
    expect(sent[0]).toMatchObject({ flags: flag.syn | flag.ack, windowScale: undefined });
  });

  it('takes any segments in any state without an error, in bounded memory', () => {
    const near = fc.oneof(
      fc.integer({ min: 990, max: 1010 }),
      fc.integer({ min: 0, max: 0xffff_ffff }),
    );
    const segment = fc.record({
      sequence: near,
      acknowledgment: near,
      flags: fc.integer({ min: 0, max: 63 }),
      window: fc.integer({ min: 0, max: 65_535 }),
      mss: fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
      windowScale: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
    });
    const step = fc.tuple(segment, fc.uint8Array({ maxLength: 40 }), fc.nat(5000));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isOpening) => {
        let unused = 0;
        const events = {
          transmit: () => undefined,
          isBusy: () => false,
          onEstablished: () => undefined,
          onData: (data: Uint8Array) => {
            unused += data.length;
          },
          onEnd: () => undefined,
          onTaken: () => undefined,
          onClosed: () => undefined,
        };
        const [first] = steps;
        if (first === undefined) return;
        const small = { ...options, receiveLimitBytes: 400 };
        const connection = isOpening
          ? Connection.open(events, small, 0)
          : Connection.ofSyn(first[0], events, small, 0);
        connection.accept(0);
        connection.write(bytes(50, 6));
        let nowMs = 0;
        for (const [each, payload, passedMs] of steps) {
          nowMs += passedMs;
          connection.receive(each, payload, nowMs);
          connection.flush(nowMs);
          connection.tick(nowMs);
        }
        expect(unused).toBeLessThanOrEqual(400);
      }),
      { numRuns: 500 },
    );
  });
});
