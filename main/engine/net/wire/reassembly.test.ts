import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reassembly, type Fragment } from './reassembly.ts';

const bytes = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);

function fragment(offset: number, length: number, more: boolean, other: Partial<Fragment> = {}) {
  return { key: 'a', offset, more, bytes: bytes(length), nowMs: 0, ...other };
}

/** A payload cut at multiples of 8, in any order. */
const cutArbitrary = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.array(fc.nat({ max: 50 })))
  .chain(([payload, cuts]) => {
    const inside = cuts.map((cut) => cut * 8).filter((cut) => cut > 0 && cut < payload.length);
    const starts = [...new Set([0, ...inside])].sort((a, b) => a - b);
    const pieces = starts.map((offset, index) => ({
      offset,
      more: index < starts.length - 1,
      bytes: payload.subarray(offset, starts[index + 1] ?? payload.length),
    }));
    const order = fc.shuffledSubarray(pieces, {
      minLength: pieces.length,
      maxLength: pieces.length,
    });
    return fc.record({ payload: fc.constant(payload), pieces: order });
  });

describe('Reassembly', () => {
  it('gives a payload once, whatever the order of its fragments', () => {
    fc.assert(
      fc.property(cutArbitrary, ({ payload, pieces }) => {
        const reassembly = new Reassembly();
        const results = pieces.map((piece) => reassembly.add({ ...piece, key: 'a', nowMs: 0 }));
        expect(results.pop()).toEqual(payload);
        expect(results.every((result) => result === undefined)).toBe(true);
        expect(reassembly.heldBytes).toBe(0);
      }),
    );
  });

  it('keeps datagrams with other keys apart', () => {
    fc.assert(
      fc.property(cutArbitrary, cutArbitrary, (first, second) => {
        const reassembly = new Reassembly();
        const wholes: (Uint8Array | undefined)[] = [];
        for (let at = 0; at < Math.max(first.pieces.length, second.pieces.length); at++) {
          for (const [key, { pieces }] of [['a', first] as const, ['b', second] as const]) {
            const piece = pieces[at];
            if (piece) wholes.push(reassembly.add({ ...piece, key, nowMs: 0 }));
          }
        }
        const payloads = [first.payload, second.payload].map((payload) => [...payload]);
        const found = wholes.filter((whole) => whole !== undefined).map((whole) => [...whole]);
        expect(found).toHaveLength(2);
        expect(found).toEqual(expect.arrayContaining(payloads));
      }),
    );
  });

  it('holds copies', () => {
    const reassembly = new Reassembly();
    const first = fragment(0, 8, true);
    reassembly.add(first);
    first.bytes.fill(9);
    expect(reassembly.add(fragment(8, 3, false))).toEqual(bytes(11));
    const whole = fragment(0, 3, false);
    const given = reassembly.add(whole);
    expect(given).toEqual(whole.bytes);
    expect(given?.buffer).not.toBe(whole.bytes.buffer);
  });

  it.each([
    ['a duplicate', [fragment(0, 16, true), fragment(0, 16, true)]],
    ['one within another', [fragment(0, 24, true), fragment(8, 8, true)]],
    ['one around another', [fragment(8, 8, true), fragment(0, 24, true)]],
    ['one into the next', [fragment(16, 8, true), fragment(8, 16, true)]],
    ['a second end', [fragment(32, 3, false), fragment(16, 3, false)]],
    ['an end before another fragment', [fragment(32, 8, true), fragment(16, 3, false)]],
    ['a fragment after the end', [fragment(16, 3, false), fragment(24, 8, true)]],
    ['an empty whole beside others', [fragment(8, 8, true), fragment(0, 0, false)]],
  ])('drops a datagram with %s', (_, fragments) => {
    const reassembly = new Reassembly();
    for (const each of fragments) expect(reassembly.add(each)).toBeUndefined();
    expect(reassembly.heldBytes).toBe(0);
  });

  it.each([
    ['a length that is no multiple of 8', fragment(8, 7, true)],
    ['an offset that is none', fragment(4, 8, true)],
    ['a negative offset', fragment(-8, 8, true)],
    ['no bytes', fragment(8, 0, true)],
    ['an end without bytes', fragment(8, 0, false)],
    ['an end beyond the largest datagram', fragment(65_528, 8, false)],
  ])('ignores a fragment with %s', (_, refused) => {
    const reassembly = new Reassembly();
    reassembly.add(fragment(0, 8, true));
    expect(reassembly.add(refused)).toBeUndefined();
    expect(reassembly.heldBytes).toBe(8);
    expect(reassembly.add(fragment(8, 1, false))).toEqual(bytes(9));
  });

  it('takes an empty and the largest datagram', () => {
    const reassembly = new Reassembly();
    expect(reassembly.add(fragment(0, 0, false))).toEqual(bytes(0));
    reassembly.add(fragment(0, 65_528, true));
    expect(reassembly.add(fragment(65_528, 7, false))?.length).toBe(65_535);
  });

  it('forgets a datagram whose time is over, counted from its first fragment', () => {
    const reassembly = new Reassembly({ timeoutMs: 100 });
    reassembly.add(fragment(0, 8, true));
    reassembly.add(fragment(8, 8, true, { nowMs: 99 }));
    expect(reassembly.add(fragment(16, 1, false, { nowMs: 100 }))).toBeUndefined();
    expect(reassembly.heldBytes).toBe(1);
  });

  it('drops the oldest for a new one beyond the limits', () => {
    const few = new Reassembly({ maxDatagrams: 2 });
    for (const key of ['a', 'b', 'c']) few.add(fragment(0, 8, true, { key }));
    expect(few.heldBytes).toBe(16);
    expect(few.add(fragment(8, 1, false, { key: 'b' }))?.length).toBe(9);
    const small = new Reassembly({ maxBytes: 24 });
    for (const key of ['a', 'b', 'c']) small.add(fragment(0, 16, true, { key }));
    expect(small.heldBytes).toBe(16);
    expect(small.add(fragment(16, 1, false, { key: 'c' }))?.length).toBe(17);
    expect(small.add(fragment(0, 32, true, { key: 'd' }))).toBeUndefined();
    expect(small.heldBytes).toBe(0);
  });

  it('drops a datagram in more pieces than a guest sends', () => {
    const reassembly = new Reassembly();
    for (let at = 0; at < 128; at++) reassembly.add(fragment(at * 8, 8, true));
    expect(reassembly.heldBytes).toBe(1024);
    reassembly.add(fragment(1024, 8, true));
    expect(reassembly.heldBytes).toBe(0);
  });

  it('never holds more than its limit, whatever comes', () => {
    const anyFragment = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      offset: fc.oneof(
        fc.integer({ min: 0, max: 12 }).map((unit) => unit * 8),
        fc.integer(),
      ),
      more: fc.boolean(),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(bytes(8), bytes(16), bytes(24)),
      ),
      nowMs: fc.nat({ max: 10_000 }),
    });
    fc.assert(
      fc.property(fc.array(anyFragment, { maxLength: 60 }), (fragments) => {
        const reassembly = new Reassembly({ maxDatagrams: 3, maxBytes: 100 });
        for (const each of fragments) {
          reassembly.add(each);
          expect(reassembly.heldBytes).toBeGreaterThanOrEqual(0);
          expect(reassembly.heldBytes).toBeLessThanOrEqual(100);
        }
        reassembly.add(fragment(0, 0, false, { key: 'last', nowMs: 100_000 }));
        expect(reassembly.heldBytes).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
