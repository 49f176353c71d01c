import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationSchema, networkRuleSchema, parsePortRange } from './network-rule.ts';

describe('a range of ports', () => {
  it.each<[string, { first: number; last: number } | undefined]>([
    ['443', { first: 443, last: 443 }],
    ['8000-8999', { first: 8000, last: 8999 }],
    ['1-65535', { first: 1, last: 65_535 }],
    ['80-80', { first: 80, last: 80 }],
    ...['', '0', '65536', '0-1', '1-65536', '9-8', '1-', '-1', '1-2-3', ' 1', '1e3', '0x10'].map(
      (text): [string, undefined] => [text, undefined],
    ),
  ])('%j is read as %j', (text, range) => {
    expect(parsePortRange(text)).toEqual(range);
  });

  it('may be any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,6}-?\d{0,6}$/)), (text) => {
        const { first, last } = parsePortRange(text) ?? { first: 1, last: 1 };
        expect(first >= 1 && first <= last && last <= 65_535).toBe(true);
      }),
    );
  });
});

describe('a rule', () => {
  it('is about everything that the sandbox reaches, where it says nothing else', () => {
    expect(networkRuleSchema.parse({ action: 'deny' })).toEqual({
      ...{ action: 'deny', direction: 'egress', destination: 'any', protocols: [], ports: [] },
    });
  });

  it('may have numbers for ports', () => {
    const { ports } = networkRuleSchema.parse({ action: 'allow', ports: [443, '8000-8999'] });
    expect(ports).toEqual(['443', '8000-8999']);
  });

  it.each([
    [{}],
    [{ action: 'reject' }],
    [{ action: 'allow', direction: 'in' }],
    [{ action: 'allow', destination: 'localhost' }],
    [{ action: 'allow', destination: 'example.org:443' }],
    [{ action: 'allow', destination: `${'a'.repeat(300)}.org` }],
    [{ action: 'allow', protocols: ['sctp'] }],
    [{ action: 'allow', ports: [0] }],
    [{ action: 'allow', ports: [1.5] }],
    [{ action: 'allow', ports: ['https'] }],
    [{ action: 'allow', port: 443 }],
  ])('is none: %j', (rule) => {
    expect(networkRuleSchema.safeParse(rule).success).toBe(false);
  });

  it('of a list has its port in its destination', () => {
    expect(destinationSchema(true).safeParse('example.org:443').success).toBe(true);
    expect(destinationSchema(false).safeParse('example.org:443').success).toBe(false);
  });
});
