import { describe, expect, it } from 'vitest';
import { networkSchema } from '../../../main/contract/config/network.ts';
import { aDecision, aNetworkStatus } from '../../testing/network-builders.ts';
import {
  destinationOf,
  filterDecisions,
  formatDecision,
  formatTarget,
  listRules,
  maxDecisions,
  mergeDecisions,
} from './decision-log.ts';

const ids = (decisions: readonly { id: number }[]) => decisions.map(({ id }) => id);

describe('mergeDecisions', () => {
  it('puts the latest first', () => {
    const known = mergeDecisions(
      [],
      [aDecision({ id: 1, atMs: 1 }), aDecision({ id: 2, atMs: 2 })],
    );
    expect(ids(known)).toEqual([2, 1]);
  });

  it('moves an entry that repeats to the top, with its new count', () => {
    const known = [aDecision({ id: 2, atMs: 2 }), aDecision({ id: 1, atMs: 1 })];
    const merged = mergeDecisions(known, [aDecision({ id: 1, atMs: 3, count: 2 })]);
    expect(ids(merged)).toEqual([1, 2]);
    expect(merged[0]?.count).toBe(2);
    expect(merged[1]).toBe(known[0]);
  });

  it('keeps so many and no more', () => {
    const many = Array.from({ length: maxDecisions + 5 }, (_, id) => aDecision({ id, atMs: id }));
    const merged = mergeDecisions([], many);
    expect(merged).toHaveLength(maxDecisions);
    expect(merged.at(-1)?.id).toBe(5);
  });
});

describe('filterDecisions', () => {
  const decisions = [
    aDecision({ id: 1, name: 'example.org', address: '93.184.215.14', verdict: 'allow' }),
    aDecision({ id: 2, address: '10.0.0.1', port: 22, verdict: 'deny', rule: 'deny private' }),
  ];

  it.each([
    ['', 'all', [1, 2]],
    ['EXAMPLE', 'all', [1]],
    ['private :22', 'all', [2]],
    ['private example', 'all', []],
    ['', 'deny', [2]],
    ['example', 'deny', []],
  ] as const)('%j of %s finds %j', (text, verdict, found) => {
    expect(ids(filterDecisions(decisions, { text, verdict }))).toEqual(found);
  });

  it('is the same list where everything is wanted', () => {
    expect(filterDecisions(decisions, { text: ' ', verdict: 'all' })).toBe(decisions);
  });
});

describe('an entry', () => {
  it.each([
    [{ name: 'example.org', address: '1.2.3.4', port: 443 }, 'example.org:443'],
    [{ address: '::1', port: 22 }, '[::1]:22'],
    [{ address: '10.0.0.1', protocol: 'icmp' }, '10.0.0.1'],
  ] as const)('%o is %s', (parts, target) => {
    expect(formatTarget(aDecision(parts))).toBe(target);
  });

  it('is decided on by its name, else by its address', () => {
    expect(destinationOf(aDecision({ name: 'a.org', address: '1.2.3.4' }))).toBe('a.org');
    expect(destinationOf(aDecision({ address: '1.2.3.4' }))).toBe('1.2.3.4');
  });

  it('is not decided on where no list could change it', () => {
    expect(destinationOf(aDecision({ address: '1.2.3.4', direction: 'ingress' }))).toBeUndefined();
    expect(destinationOf(aDecision({ address: '1.2.3.4', source: 'built-in' }))).toBeUndefined();
  });

  it('is copied as one line', () => {
    const decision = aDecision({ address: '10.0.0.1', port: 80, count: 12, rule: 'deny private' });
    expect(formatDecision(decision)).toContain('deny egress tcp 10.0.0.1:80 ×12: deny private.');
  });
});

it('lists rules with where they come from and what takes them back', () => {
  const status = aNetworkStatus({
    config: networkSchema.parse({ deny: ['a.org', 'b.org'], allow: ['c.org'] }),
    temporary: [
      { action: 'allow', destination: '10.0.0.1' },
      { action: 'deny', destination: 'd.org' },
    ],
    rules: [
      { text: 'allow 10.0.0.1', source: 'temporary' },
      { text: 'deny d.org', source: 'temporary' },
      { text: 'deny any tcp 22', source: 'rules.0' },
      { text: 'deny b.org', source: 'deny.1' },
      { text: 'allow c.org', source: 'allow.0' },
      { text: 'policy public: allow public', source: 'policy' },
    ],
  });
  expect(
    listRules(status).map(({ origin, destination, isTemporary }) => [
      origin,
      destination,
      isTemporary,
    ]),
  ).toEqual([
    ['until it stops', '10.0.0.1', true],
    ['until it stops', 'd.org', true],
    ['rule 1', undefined, false],
    ['deny list', 'b.org', false],
    ['allow list', 'c.org', false],
    ['policy', undefined, false],
  ]);
});
