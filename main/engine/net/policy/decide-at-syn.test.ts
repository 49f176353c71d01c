import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, decideAtSyn, noKnowledge } from './decide.ts';
import {
  arbitraryFlow,
  arbitraryKnowledge,
  arbitraryPolicy,
  flowTo,
  knowing,
  policyOf,
} from './testing/policies.ts';

const address = '192.0.2.1';
const known = knowing({ [address]: ['www.example.org'] });
const mail = { action: 'deny' as const, destination: 'example.org', ports: ['25'] };

/** Of each class of names that the rules of {@link arbitraryPolicy} tell apart. */
const allNames = [
  ...['org', 'x.org', 'example.org', 'x.example.org', 'a.example.org', 'x.a.example.org', 'other'],
];

describe('decideAtSyn', () => {
  it.each([
    ['no rule names a name', { allow: [address] }, 'allow'],
    [
      'a name is denied and any other allowed',
      { policy: 'public' as const, deny: ['a.org'] },
      'inspect',
    ],
    ['the address was the answer for an allowed one', { allow: ['*.example.org'] }, 'inspect'],
    ['it was not for this one', { allow: ['a.org'] }, 'deny'],
    ['everything is allowed anyhow', { policy: 'all' as const, allow: ['*.example.org'] }, 'allow'],
    ['everything is denied anyhow', { policy: 'none' as const, deny: ['*.example.org'] }, 'deny'],
    [
      'a rule before allows the address',
      { rules: [{ action: 'allow' as const, destination: address }], deny: ['a.org'] },
      'allow',
    ],
    [
      'a rule before denies the same name',
      { deny: ['*.example.org'], allow: ['www.example.org'] },
      'deny',
    ],
    ['the name is of another port', { policy: 'all' as const, rules: [mail] }, 'allow'],
    [
      'the answer for a denied one may be for another',
      { policy: 'public' as const, deny: ['*.example.org'] },
      'inspect',
    ],
  ])('where %s: %j, %s', (_, config, expected) => {
    const result = decideAtSyn(policyOf(config), flowTo(address), known);
    expect(result === 'inspect' ? result : result.verdict).toBe(expected);
  });

  it('waits for no name where something built in denies', () => {
    const policy = policyOf({ policy: 'all', deny: ['example.org'] });
    for (const flow of [flowTo('0.0.0.0'), flowTo(address, { port: 853 })]) {
      expect(decideAtSyn(policy, flow, noKnowledge)).toMatchObject({ source: 'built-in' });
    }
  });

  it('inspects exactly where two names have two verdicts, and says the one there is', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryFlow, arbitraryKnowledge, (policy, any, knowledge) => {
        const flow = { ...any, protocol: 'tcp' as const };
        const nameless = decide(policy, { ...flow, serverName: null }, knowledge);
        const named = allNames.map((serverName) =>
          decide(policy, { ...flow, serverName }, knowledge),
        );
        const verdicts = new Set([nameless, ...named].map(({ verdict }) => verdict));
        expect(decideAtSyn(policy, flow, knowledge)).toEqual(
          verdicts.size > 1 ? 'inspect' : nameless,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('takes as many rules and names as there can be', () => {
    const names = Array.from({ length: 1024 }, (_, index) => `*.${String(index)}.example.org`);
    const pinned = names.map((name) => name.slice(2));
    const policy = policyOf({ policy: 'none', deny: names, allow: names });
    const result = decideAtSyn(policy, flowTo(address), { ...noKnowledge, namesOf: () => pinned });
    expect(result).toMatchObject({ verdict: 'deny' });
  });
});
