import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, noKnowledge, type Flow } from './decide.ts';
import { whyMatches } from './match.ts';
import {
  arbitraryFlow,
  arbitraryKnowledge,
  arbitraryPolicy,
  embeddings,
  flowTo,
  knowing,
  policyOf,
} from './testing/policies.ts';

const address = '192.0.2.1';
const known = knowing({ [address]: ['www.example.org'] });

function verdictOn(
  config: Parameters<typeof policyOf>[0],
  more: Partial<Flow> = {},
  knowledge = known,
) {
  return decide(policyOf(config), flowTo(address, more), knowledge).verdict;
}

describe('a verdict', () => {
  it('is that of the first rule that matches', () => {
    const rules = [
      { action: 'deny' as const, destination: '192.0.2.0/24', ports: ['22'] },
      { action: 'allow' as const, destination: '192.0.2.0/24', protocols: ['tcp' as const] },
      { action: 'deny' as const },
    ];
    expect(verdictOn({ policy: 'all', rules }, { port: 22 })).toBe('deny');
    expect(verdictOn({ policy: 'all', rules }, { port: 23 })).toBe('allow');
    expect(verdictOn({ policy: 'all', rules }, { protocol: 'udp', port: 23 })).toBe('deny');
  });

  it('comes for any flow, and never as an error', () => {
    const anyFlow = fc.oneof(
      arbitraryFlow,
      fc.tuple(arbitraryFlow, fc.string()).map(([flow, text]) => ({ ...flow, address: text })),
      fc.tuple(arbitraryFlow, fc.string()).map(([flow, name]) => ({ ...flow, serverName: name })),
    );
    fc.assert(
      fc.property(arbitraryPolicy, anyFlow, arbitraryKnowledge, (policy, flow, knowledge) => {
        const { verdict, rule, reason, source } = decide(policy, flow, knowledge);
        expect(verdict).toMatch(/^(?:allow|deny)$/);
        expect(rule).not.toBe('');
        expect(reason).toMatch(/\.$/);
        expect(source).toMatch(/^(?:temporary|(?:rules|deny|allow)\.\d+|policy|built-in)$/);
      }),
    );
  });

  it.each(['egress', 'ingress'] as const)('denies what is no address: %s', (direction) => {
    for (const nowhere of ['', '0.0.0.0', '::', '255.255.255.255', 'example.org']) {
      const flow = flowTo(nowhere, { direction });
      const verdict = decide(policyOf({ policy: 'all' }), flow, noKnowledge);
      expect(verdict).toMatchObject({ verdict: 'deny', source: 'built-in' });
    }
  });

  it.each(['mapped', 'mapped, dotted', 'compatible', 'SIIT'])(
    'denies IPv6 packets that have an IPv4 address: %s',
    (form) => {
      const target = embeddings[form]?.('8.8.8.8') ?? '';
      const policy = policyOf({ policy: 'all', allow: ['any'] });
      const verdict = decide(policy, flowTo(target), noKnowledge);
      expect(verdict).toMatchObject({ verdict: 'deny', source: 'built-in' });
    },
  );

  it('takes those who come by IPv4 to a socket of both families for what they are', () => {
    const rules = [
      { action: 'deny' as const, direction: 'ingress' as const, destination: '10.0.0.0/8' },
    ];
    const from = (at: string) =>
      decide(policyOf({ rules }), flowTo(at, { direction: 'ingress' }), noKnowledge).verdict;
    expect(['10.0.0.1', '::ffff:10.0.0.1', '::ffff:a00:1', '11.0.0.1'].map(from)).toEqual([
      ...['deny', 'deny', 'deny', 'allow'],
    ]);
  });

  it.each(Object.entries(embeddings))('denies what stands for a denied address: %s', (_, embed) => {
    const flow = flowTo(embed('8.8.4.4'));
    const policy = policyOf({ policy: 'all', deny: ['8.8.4.0/24'] });
    expect(decide(policy, flow, noKnowledge).verdict).toBe('deny');
  });

  it.each(Object.entries(embeddings))(
    'allows nothing that stands for an allowed one: %s',
    (_, embed) => {
      const policy = policyOf({ allow: ['10.0.0.0/8'] });
      expect(decide(policy, flowTo(embed('10.0.0.1')), noKnowledge).verdict).toBe('deny');
    },
  );

  it('finds an address however it is written', () => {
    const policy = policyOf({ allow: ['2001:db8::1'] });
    const long = flowTo('2001:0DB8:0:0:0:0:0:1');
    expect(decide(policy, long, noKnowledge).verdict).toBe('allow');
  });
});

describe('ports', () => {
  it('are nothing that ICMP has', () => {
    const { rules } = policyOf({ rules: [{ action: 'allow', ports: ['1-65535'] }] });
    const [rule] = rules;
    const subject = { group: 'public', inner: [], names: [], isAnswer: true } as const;
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined }), (port) => {
        const flow = { ...flowTo(address), ...subject, protocol: 'icmp' as const, port };
        expect(rule === undefined ? '' : whyMatches(rule, flow, null)).toBeUndefined();
      }),
    );
    expect(verdictOn({ allow: ['192.0.2.1:443'] }, { protocol: 'icmp' })).toBe('deny');
    expect(verdictOn({ allow: ['192.0.2.1'] }, { protocol: 'icmp', port: undefined })).toBe(
      'allow',
    );
  });

  it.each(['tcp', 'udp'] as const)(
    'of encrypted DNS are closed where rules name names: %s',
    (protocol) => {
      const flow = { protocol, port: 853 };
      const names = { policy: 'all', allow: ['any', '192.0.2.1:853', 'example.com'] } as const;
      expect(verdictOn({ ...names, allow: [...names.allow] }, flow)).toBe('deny');
      expect(verdictOn({ policy: 'all', deny: ['example.com'] }, flow)).toBe('deny');
      expect(verdictOn({ policy: 'all' }, flow)).toBe('allow');
      const ingress = { ...flow, direction: 'ingress' as const };
      expect(verdictOn({ allow: ['example.com'] }, ingress)).toBe('allow');
    },
  );
});

describe('QUIC', () => {
  const quic = { protocol: 'udp', port: 443 } as const;
  const byUdp = {
    action: 'allow' as const,
    destination: '*.example.org',
    protocols: ['udp' as const],
  };

  it.each([
    ['by a name alone', { allow: ['*.example.org'] }, 'deny'],
    ['by a name with a port', { allow: ['*.example.org:443'] }, 'deny'],
    ['by a rule that says UDP', { rules: [byUdp] }, 'allow'],
    ['by a rule that says UDP, too', { rules: [byUdp], allow: ['*.example.org'] }, 'allow'],
    ['by its address, too', { allow: ['*.example.org', '192.0.2.1'] }, 'allow'],
    ['by its group, too', { policy: 'public' as const, allow: ['*.example.org'] }, 'allow'],
    ['by the default, too', { policy: 'all' as const, allow: ['*.example.org'] }, 'allow'],
  ])('that is allowed %s: %j, %s', (_, config, verdict) => {
    expect(verdictOn(config, quic)).toBe(verdict);
  });

  it('is refused with the rule and what to do, and UDP elsewhere is not', () => {
    const policy = policyOf({ allow: ['*.example.org'] });
    expect(decide(policy, flowTo(address, quic), known)).toMatchObject({
      ...{ verdict: 'deny', rule: 'allow *.example.org', source: 'allow.0' },
      reason: expect.stringMatching(/QUIC.*TCP is used instead\.$/) as unknown,
    });
    expect(verdictOn({ allow: ['*.example.org'] }, { ...quic, port: 4433 })).toBe('allow');
  });
});
