import { describe, expect, it } from 'vitest';
import { networkRuleSchema } from '../../../contract/config/network-rule.ts';
import { networkSchema, type NetworkConfig } from '../../../contract/config/network.ts';
import { decide, noKnowledge } from './decide.ts';
import { compilePolicy, defaultText, describePolicy } from './policy.ts';
import { flowTo, policyOf } from './testing/policies.ts';

const verdictOn = (policy: ReturnType<typeof policyOf>, address: string) =>
  decide(policy, flowTo(address), noKnowledge);

describe('a policy', () => {
  it.each([
    ['none', 'deny', 'deny'],
    ['public', 'allow', 'deny'],
    ['allow-list', 'deny', 'deny'],
    ['all', 'allow', 'allow'],
  ] as const)('%s says of a public address: %s, of a private one: %s', (policy, open, near) => {
    expect(verdictOn(policyOf({ policy }), '8.8.8.8').verdict).toBe(open);
    expect(verdictOn(policyOf({ policy }), '10.0.0.1').verdict).toBe(near);
  });

  it.each(['none', 'public', 'allow-list', 'all'] as const)(
    '%s lets others come to published ports',
    (policy) => {
      const flow = flowTo('10.0.0.1', { direction: 'ingress' });
      expect(decide(policyOf({ policy }), flow, noKnowledge).verdict).toBe('allow');
    },
  );

  it('asks what is temporary, rules, deny, allow and the preset, in this order', () => {
    const address = '8.8.8.8';
    const rules = [{ action: 'allow' as const, destination: address }];
    const lists = { policy: 'public' as const, rules, deny: [address], allow: [address] };
    const temporary = [
      { action: 'deny' as const, destination: address },
      { action: 'allow' as const, destination: address },
    ];
    const sources = [
      verdictOn(policyOf(lists, temporary), address),
      verdictOn(policyOf(lists), address),
      verdictOn(policyOf({ ...lists, rules: [] }), address),
      verdictOn(policyOf({ ...lists, rules: [], deny: [] }), address),
      verdictOn(policyOf({ policy: 'public' }), address),
      verdictOn(policyOf(), address),
    ].map(({ source, verdict }) => `${source} ${verdict}`);
    expect(sources).toEqual([
      ...['temporary deny', 'rules.0 allow', 'deny.0 deny', 'allow.0 allow', 'policy allow'],
      'policy deny',
    ]);
    const order = policyOf(lists, temporary).rules.map(({ source }) => source);
    expect(order).toEqual(['temporary', 'temporary', 'rules.0', 'deny.0', 'allow.0', 'policy']);
  });

  it('says its rules as a person would write them', () => {
    const rule = { destination: 'private', protocols: ['tcp' as const, 'udp' as const] };
    const policy = policyOf(
      {
        policy: 'public',
        rules: [{ action: 'deny', direction: 'any', ...rule, ports: ['22', '8000-8999'] }],
        allow: ['EXAMPLE.org:443'],
      },
      [{ action: 'allow', destination: '*.example.com' }],
    );
    expect(describePolicy(policy)).toEqual([
      { text: 'allow *.example.com', source: 'temporary' },
      { text: 'deny any private tcp, udp port 22, 8000-8999', source: 'rules.0' },
      { text: 'allow example.org port 443', source: 'allow.0' },
      { text: 'policy public: allow public', source: 'policy' },
      { text: 'policy public: deny everything else', source: 'policy' },
    ]);
    expect(defaultText(policy, 'ingress')).toBe('allow connections to published ports');
  });

  it.each([
    [{ allow: ['example.org'] }, true],
    [{ deny: ['*.example.org:443'] }, true],
    [{ rules: [{ action: 'deny' as const, destination: 'example.org' }] }, true],
    [{ allow: ['10.0.0.0/8', 'host', '::1'] }, false],
  ])('knows whether a rule names a name: %j, %s', (config, hasNames) => {
    expect(policyOf(config).hasNames).toBe(hasNames);
  });

  const unread = networkRuleSchema.parse({ action: 'allow' });
  it.each<[string, Partial<NetworkConfig>]>([
    ['a list', { allow: ['no destination'] }],
    ['a destination', { rules: [{ ...unread, destination: '10.0.0.0/99' }] }],
    ['a port', { rules: [{ ...unread, destination: '10.0.0.1', ports: ['99999'] }] }],
    ['a destination with a port', { rules: [{ ...unread, destination: '10.0.0.1:443' }] }],
  ])('allows nothing where %s cannot be read', (_, config) => {
    expect(() => compilePolicy({ ...networkSchema.parse({}), ...config })).toThrow();
  });
});
