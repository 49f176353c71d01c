import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, decideAnswer, decideName, noKnowledge, type Flow } from './decide.ts';
import {
  arbitraryAddress,
  arbitraryKnowledge,
  arbitraryName,
  arbitraryPolicy,
  embeddings,
  flowTo,
  knowing,
  policyOf,
} from './testing/policies.ts';

const address = '192.0.2.1';
const known = knowing({ [address]: ['www.example.org'], '10.0.0.1': ['www.example.org'] });

describe('a rule about a name', () => {
  const verdictOn = (config: Parameters<typeof policyOf>[0], more: Partial<Flow> = {}) =>
    decide(policyOf(config), flowTo(address, more), known).verdict;

  it.each([
    ['example.org', true],
    ['a.example.org', true],
    ['b.a.example.org', true],
    ['EXAMPLE.ORG', true],
    ['example.org.', true],
    ['badexample.org', false],
    ['org', false],
    ['example.org.evil.com', false],
  ])('*.example.org matches %s: %s', (name, is) => {
    const policy = policyOf({ policy: 'all', deny: ['*.example.org'] });
    const verdict = is ? 'deny' : 'allow';
    expect(decideName(policy, name).verdict).toBe(verdict);
    expect(decide(policy, flowTo(address, { serverName: name }), noKnowledge).verdict).toBe(
      verdict,
    );
  });

  it('that has no star matches the name alone', () => {
    const policy = policyOf({ allow: ['example.org'] });
    const verdicts = ['example.org', 'a.example.org'].map(
      (name) => decideName(policy, name).verdict,
    );
    expect(verdicts).toEqual(['allow', 'deny']);
  });

  it('takes no other letter for one of ASCII', () => {
    // The Kelvin sign: toLowerCase makes it "k".
    const policy = policyOf({ allow: ['k.example.org'] });
    expect(decideName(policy, '\u212a.example.org').verdict).toBe('deny');
  });

  it.each([
    ['an address that was its answer', {}, 'allow'],
    ['one where no name was said', { serverName: null }, 'allow'],
    ['one where this name was said', { serverName: 'www.example.org' }, 'allow'],
    ['one where another was that it matches', { serverName: 'a.example.org' }, 'allow'],
    ['none where another was said', { serverName: 'example.com' }, 'deny'],
    ['none that never was', { address: '192.0.2.2' }, 'deny'],
    ['none by saying the name', { address: '192.0.2.2', serverName: 'www.example.org' }, 'deny'],
    ['none that is not allowed itself', { address: '10.0.0.1' }, 'deny'],
  ] as const)('opens %s: %j, %s', (_, more, verdict) => {
    expect(verdictOn({ allow: ['*.example.org'] }, more)).toBe(verdict);
  });

  it('opens no address for the answer for another name', () => {
    fc.assert(
      fc.property(arbitraryAddress, arbitraryName, arbitraryKnowledge, (at, serverName, pins) => {
        const policy = policyOf({ allow: ['example.net', '*.example.net'] });
        expect(decide(policy, flowTo(at, { serverName }), pins).verdict).toBe('deny');
      }),
    );
  });

  it('opens a private address once that is allowed, on every port', () => {
    const rules = [{ action: 'allow' as const, destination: '10.0.0.0/8', ports: ['80'] }];
    const policy = policyOf({ rules, allow: ['*.example.org'] });
    expect(decide(policy, flowTo('10.0.0.1'), known).verdict).toBe('allow');
  });

  it.each([
    [
      'by the name that was said, whatever the address',
      { address: '192.0.2.9', serverName: 'example.org' },
      'deny',
    ],
    ['by the answer where none was', { serverName: null }, 'deny'],
    ['not where another was', { serverName: 'example.com' }, 'allow'],
    ['not where nothing is known', { address: '192.0.2.9' }, 'allow'],
  ] as const)('denies %s: %j, %s', (_, more, verdict) => {
    expect(verdictOn({ policy: 'public', deny: ['*.example.org'] }, more)).toBe(verdict);
  });

  it('that denies needs no right answer', () => {
    const policy = policyOf({ policy: 'public', deny: ['*.example.org'], allow: ['10.0.0.1:443'] });
    expect(decide(policy, flowTo('10.0.0.1'), known).verdict).toBe('deny');
  });
});

describe('decideName', () => {
  const rule = { action: 'deny' as const, destination: 'example.org' };
  const icmp = { action: 'deny' as const, protocols: ['icmp' as const] };
  it.each([
    [{ policy: 'none' as const }, 'deny'],
    [{ policy: 'allow-list' as const }, 'deny'],
    [{ policy: 'public' as const }, 'allow'],
    [{ policy: 'all' as const }, 'allow'],
    [{ allow: ['example.org'] }, 'allow'],
    [{ allow: ['example.org:443'] }, 'allow'],
    [{ allow: ['example.com'] }, 'deny'],
    [{ policy: 'public' as const, deny: ['example.org'] }, 'deny'],
    [{ policy: 'all' as const, deny: ['*.org'] }, 'deny'],
    [{ policy: 'public' as const, deny: ['example.org:25'] }, 'allow'],
    [{ policy: 'public' as const, rules: [{ ...rule, ports: ['25'] }] }, 'allow'],
    [{ policy: 'public' as const, rules: [{ ...rule, direction: 'ingress' as const }] }, 'allow'],
    [{ policy: 'public' as const, rules: [{ action: 'deny' as const }] }, 'deny'],
    [{ policy: 'public' as const, rules: [icmp] }, 'allow'],
    [{ allow: ['8.8.8.8', '0.0.0.0/0', '::/0'] }, 'deny'],
    [{ allow: ['private', 'host', 'loopback', 'link-local', 'metadata', 'multicast'] }, 'deny'],
    [{ allow: ['public'] }, 'allow'],
    [{ allow: ['any'] }, 'allow'],
  ])('%j: %s', (config, verdict) => {
    expect(decideName(policyOf(config), 'example.org').verdict).toBe(verdict);
  });
});

describe('decideAnswer', () => {
  const near = ['10.0.0.1', '127.0.0.1', '169.254.169.254', 'fd00::1', '::1', 'fe80::1'];
  const ssh = { action: 'deny' as const, destination: 'private', ports: ['22'] };
  const verdictOn = (config: Parameters<typeof policyOf>[0], at: string) =>
    decideAnswer(policyOf(config), at, noKnowledge).verdict;

  it.each(near)('refuses %s where nothing but a name allows it', (at) => {
    expect(verdictOn({ policy: 'public', allow: ['*.example.org'] }, at)).toBe('deny');
    expect(verdictOn({ allow: [at] }, at)).toBe('allow');
    expect(verdictOn({ policy: 'all' }, at)).toBe('allow');
    expect(verdictOn({ policy: 'all', deny: [at] }, at)).toBe('deny');
  });

  it.each([
    [{ allow: ['10.0.0.1:443'] }, 'allow'],
    [{ allow: ['private'] }, 'allow'],
    [{ policy: 'all' as const, rules: [ssh] }, 'allow'],
    [{ rules: [ssh], allow: ['private'] }, 'allow'],
    [{ rules: [{ ...ssh, ports: [] }], allow: ['private'] }, 'deny'],
    [{ rules: [{ action: 'allow' as const, direction: 'ingress' as const }] }, 'deny'],
  ])('asks whether the address may be reached by any way: %j, %s', (config, verdict) => {
    expect(verdictOn(config, '10.0.0.1')).toBe(verdict);
  });

  it.each(Object.entries(embeddings))(
    'refuses a private address within another: %s',
    (_, embed) => {
      expect(verdictOn({ policy: 'public', allow: ['10.0.0.0/8'] }, embed('10.0.0.1'))).toBe(
        'deny',
      );
    },
  );

  it('keeps what a network that translates says of public addresses', () => {
    expect(verdictOn({ allow: ['example.org'] }, '64:ff9b::808:808')).toBe('allow');
    expect(verdictOn({ policy: 'all' }, '::ffff:8.8.8.8')).toBe('deny');
  });

  it.each(['0.0.0.0', '::', '255.255.255.255', 'nonsense'])('refuses %s always', (at) => {
    expect(verdictOn({ policy: 'all', allow: ['any', '0.0.0.0/0'] }, at)).toBe('deny');
  });

  it("refuses this machine's own addresses, public ones among them", () => {
    const knowledge = knowing({}, ['8.8.4.4']);
    for (const at of ['8.8.4.4', '2002:808:404::1']) {
      expect(decideAnswer(policyOf({ policy: 'public' }), at, knowledge).verdict).toBe('deny');
    }
    const open = policyOf({ policy: 'public', allow: ['host'] });
    expect(decideAnswer(open, '8.8.4.4', knowledge).verdict).toBe('allow');
  });

  it('and decideName take anything', () => {
    fc.assert(
      fc.property(arbitraryPolicy, fc.oneof(arbitraryAddress, fc.string()), (policy, text) => {
        expect(decideAnswer(policy, text, noKnowledge).verdict).toMatch(/^(?:allow|deny)$/);
        expect(decideName(policy, text).verdict).toMatch(/^(?:allow|deny)$/);
      }),
    );
  });
});
