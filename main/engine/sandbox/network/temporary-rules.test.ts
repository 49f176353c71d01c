import { describe, expect, it } from 'vitest';
import type { TemporaryRule } from '../../../contract/network.ts';
import { canonicalDestination } from '../canonical-destination.ts';
import { maxTemporaryRules, withoutRule, withRule } from './temporary-rules.ts';

const deny = (destination: string): TemporaryRule => ({ action: 'deny', destination });

describe('decisions for now', () => {
  it('have the latest first, and one for each destination, however it is written', () => {
    const decided = [deny('A.org'), deny('[2001:DB8:0::1]:443'), deny('b.org')];
    const rules = decided.reduce<readonly TemporaryRule[]>(withRule, []);
    expect(rules.map(({ destination }) => destination)).toEqual([
      ...['b.org', '[2001:db8::1]:443', 'a.org'],
    ]);
    const again = withRule(rules, { action: 'allow', destination: 'a.ORG' });
    expect(again).toEqual([{ action: 'allow', destination: 'a.org' }, ...rules.slice(0, 2)]);
    // Another port is another destination.
    expect(withRule(again, deny('2001:db8::1'))).toHaveLength(4);
  });

  it('are bounded: the earliest makes way', () => {
    let rules: readonly TemporaryRule[] = [];
    for (let at = 0; at <= maxTemporaryRules; at += 1)
      rules = withRule(rules, deny(`a${String(at)}.org`));
    expect(rules).toHaveLength(maxTemporaryRules);
    expect(rules.at(-1)).toEqual(deny('a1.org'));
  });

  it('can be taken back', () => {
    const rules = [deny('a.org'), deny('b.org')];
    expect(withoutRule(rules, 'B.org')).toEqual([deny('a.org')]);
    expect(withoutRule(rules, 'c.org')).toBe(rules);
  });
});

describe('a destination as it is compared', () => {
  it.each([
    ['Example.ORG:443', 'example.org:443'],
    ['*.Example.org', '*.example.org'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['[2001:db8:0::1]:22', '[2001:db8::1]:22'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['private', 'private'],
    ['not a destination', 'not a destination'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalDestination(text)).toBe(canonical);
    expect(canonicalDestination(canonical)).toBe(canonical);
  });
});
