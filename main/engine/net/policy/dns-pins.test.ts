import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DnsPins } from './dns-pins.ts';

const address = '192.0.2.1';
const dayS = 24 * 60 * 60;

describe('DnsPins', () => {
  it.each([
    ['the time it is good for', 300, 300],
    ['a minute at least', 0, 60],
    ['a minute at least', 59, 60],
    ['a minute at least, whatever is said', -5, 60],
    ['a day at most', dayS + 1, dayS],
    ['a day at most', 2 ** 32 - 1, dayS],
  ])('remembers an answer for %s: %d s for %d s', (_, ttlS, lifeS) => {
    const pins = new DnsPins();
    pins.pin('example.org', address, ttlS, 1000);
    expect(pins.namesOf(address, 1000 + lifeS * 1000 - 1)).toEqual(['example.org']);
    expect(pins.namesOf(address, 1000 + lifeS * 1000)).toEqual([]);
  });

  it('knows the names of an address, the latest first, and none of another', () => {
    const pins = new DnsPins();
    for (const name of ['a.org', 'b.org', 'c.org', 'a.org']) pins.pin(name, address, 60, 0);
    expect(pins.namesOf(address, 0)).toEqual(['a.org', 'c.org', 'b.org']);
    expect(pins.namesOf('192.0.2.2', 0)).toEqual([]);
  });

  it('forgets each name by itself', () => {
    const pins = new DnsPins();
    pins.pin('long.org', address, 600, 0);
    pins.pin('short.org', address, 60, 0);
    expect(pins.namesOf(address, 60_000)).toEqual(['long.org']);
  });

  it('keeps an answer that is good for longer than the next one', () => {
    const pins = new DnsPins();
    pins.pin('example.org', address, 600, 0);
    pins.pin('example.org', address, 0, 1000);
    expect(pins.namesOf(address, 599_999)).toEqual(['example.org']);
    expect(pins.namesOf(address, 600_000)).toEqual([]);
  });

  it('prolongs an answer', () => {
    const pins = new DnsPins();
    pins.pin('example.org', address, 60, 0);
    pins.pin('example.org', address, 60, 50_000);
    expect(pins.namesOf(address, 109_999)).toEqual(['example.org']);
  });

  it('lets the oldest make way, of which one address may have all', () => {
    const pins = new DnsPins();
    for (let index = 0; index <= 8192; index++) pins.pin(`${String(index)}.org`, address, 60, 0);
    const names = pins.namesOf(address, 0);
    expect(names).toHaveLength(8192);
    expect(names[0]).toBe('8192.org');
    expect(names).not.toContain('0.org');
  });

  it('lets the address that was no answer for longest make way', () => {
    const pins = new DnsPins();
    const addressOf = (index: number) => `10.0.${String(index >> 8)}.${String(index & 0xff)}`;
    for (let index = 0; index < 8192; index++) pins.pin('a.org', addressOf(index), 60, 0);
    pins.pin('a.org', addressOf(0), 60, 0);
    pins.pin('a.org', addressOf(8192), 60, 0);
    expect(pins.namesOf(addressOf(0), 0)).toEqual(['a.org']);
    expect(pins.namesOf(addressOf(1), 0)).toEqual([]);
    expect(pins.namesOf(addressOf(8192), 0)).toEqual(['a.org']);
  });

  it('counts what it forgets: a full memory is whole again once its answers are old', () => {
    const pins = new DnsPins();
    for (let index = 0; index < 8192; index++) pins.pin(`${String(index)}.org`, address, 60, 0);
    expect(pins.namesOf(address, 60_000)).toEqual([]);
    pins.pin('first.org', '192.0.2.2', 60, 60_000);
    for (let index = 0; index < 8191; index++) {
      pins.pin(`${String(index)}.org`, address, 60, 60_000);
    }
    expect(pins.namesOf('192.0.2.2', 60_000)).toEqual(['first.org']);
    expect(pins.namesOf(address, 60_000)).toHaveLength(8191);
  });

  it('says of a name what a plain list of answers says', () => {
    const answer = fc.record({
      name: fc.constantFrom('a.org', 'b.org', 'c.org'),
      address: fc.constantFrom('192.0.2.1', '192.0.2.2'),
      ttlS: fc.integer({ min: 0, max: 300 }),
      afterMs: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 20 }), (answers) => {
        const pins = new DnsPins();
        let nowMs = 0;
        const said = answers.map(({ afterMs, ...each }) => {
          nowMs += afterMs;
          pins.pin(each.name, each.address, each.ttlS, nowMs);
          return { ...each, untilMs: nowMs + Math.max(60, each.ttlS) * 1000 };
        });
        for (const each of ['192.0.2.1', '192.0.2.2']) {
          const good = said.filter(({ address: at, untilMs }) => at === each && untilMs > nowMs);
          const names = new Set(good.map(({ name }) => name));
          expect(new Set(pins.namesOf(each, nowMs))).toEqual(names);
        }
      }),
    );
  });
});
