/** Policies, flows and knowledge for the tests of this folder. */
import * as fc from 'fast-check';
import type { z } from 'zod';
import { networkSchema } from '../../../../contract/config/network.ts';
import type { TemporaryRule } from '../../../../contract/network.ts';
import { noKnowledge, type Flow, type Knowledge } from '../decide.ts';
import { compilePolicy, type Policy } from '../policy.ts';

/** A policy as a configuration says it; `allow-list` where that says none. */
export function policyOf(
  config: Partial<z.input<typeof networkSchema>> = {},
  temporary: readonly TemporaryRule[] = [],
): Policy {
  return compilePolicy(networkSchema.parse({ policy: 'allow-list', ...config }), temporary);
}

/** A TCP connection of the guest to port 443. */
export function flowTo(address: string, more: Partial<Flow> = {}): Flow {
  return { direction: 'egress', protocol: 'tcp', address, port: 443, ...more };
}

/** Knowledge of names by address, and of what this machine is. */
export function knowing(
  names: Readonly<Record<string, readonly string[]>>,
  host: readonly string[] = [],
): Knowledge {
  return {
    ...noKnowledge,
    namesOf: (address) => names[address] ?? [],
    isHost: (address) => host.includes(address),
  };
}

const word = fc.integer({ min: 0, max: 0xffff });
const ipv4 = fc.oneof(
  fc.ipV4(),
  fc.constantFrom('10.0.0.1', '127.0.0.1', '169.254.169.254', '192.0.2.1', '0.0.0.0', '224.0.0.1'),
);
const asHex = (address: string): string => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};

/** Forms of IPv6 in which an IPv4 address is carried, by their names. */
export const embeddings: Readonly<Record<string, (address: string) => string>> = {
  mapped: (address) => `::ffff:${asHex(address)}`,
  'mapped, dotted': (address) => `::ffff:${address}`,
  compatible: (address) => `::${asHex(address)}`,
  SIIT: (address) => `::ffff:0:${asHex(address)}`,
  NAT64: (address) => `64:ff9b::${asHex(address)}`,
  '6to4': (address) => `2002:${asHex(address)}::1`,
  'Teredo client': (address) => {
    const inverted = address.split('.').map((part) => String(Number(part) ^ 0xff));
    return `2001:0:808:808:0:1234:${asHex(inverted.join('.'))}`;
  },
  'Teredo server': (address) => `2001:0:${asHex(address)}:0:1234:f7f7:f7f7`,
  ISATAP: (address) => `2001:db8::5efe:${asHex(address)}`,
  'ISATAP, universal': (address) => `2001:db8::200:5efe:${asHex(address)}`,
  '6to4 that looks like ISATAP': (address) => `2002:${asHex(address)}:0:0:5efe:808:808`,
  'ISATAP in 6to4': (address) => `2002:808:808:0:0:5efe:${asHex(address)}`,
};

/** Addresses of every kind, IPv4 ones within IPv6 ones among them. */
export const arbitraryAddress: fc.Arbitrary<string> = fc.oneof(
  ipv4,
  fc
    .tuple(ipv4, fc.constantFrom(...Object.values(embeddings)))
    .map(([address, embed]) => embed(address)),
  fc
    .array(fc.oneof(word, fc.constantFrom(0, 0xffff, 0x2002, 0x5efe)), {
      ...{ minLength: 8, maxLength: 8 },
    })
    .map((words) => words.map((each) => each.toString(16)).join(':')),
  fc.constantFrom('::', '::1', 'fe80::1', 'fc00::1', 'ff02::1', '2606:4700::1', 'fd00:ec2::254'),
);

/** Names that rules and flows have in common now and then. */
export const arbitraryName = fc.constantFrom(
  ...['example.org', 'a.example.org', 'b.a.example.org', 'example.com', 'badexample.org', 'org'],
);

const destination = fc.oneof(
  fc.constantFrom('example.org', '*.example.org', 'a.example.org', '*.a.example.org', '*.org'),
  fc.constantFrom('10.0.0.0/8', '192.0.2.1', '::/0', '0.0.0.0/0', '2001:db8::/32'),
  fc.constantFrom('any', 'public', 'private', 'host', 'loopback', 'metadata'),
);

const rule = fc.record({
  action: fc.constantFrom('allow' as const, 'deny' as const),
  direction: fc.constantFrom('egress' as const, 'ingress' as const, 'any' as const),
  destination,
  protocols: fc.subarray(['tcp', 'udp', 'icmp'] as const).map((some) => [...some]),
  ports: fc.subarray(['443', '1-1023', '53']),
});

/** Policies with rules of every kind. */
export const arbitraryPolicy: fc.Arbitrary<Policy> = fc
  .record({
    policy: fc.constantFrom(
      'none' as const,
      'public' as const,
      'allow-list' as const,
      'all' as const,
    ),
    allow: fc.array(destination, { maxLength: 3 }),
    deny: fc.array(destination, { maxLength: 3 }),
    rules: fc.array(rule, { maxLength: 4 }),
  })
  .map((config) => policyOf(config));

/** Flows of every kind. */
export const arbitraryFlow: fc.Arbitrary<Flow> = fc.record(
  {
    direction: fc.constantFrom('egress' as const, 'ingress' as const),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
    address: arbitraryAddress,
    port: fc.constantFrom(22, 53, 443, 853, 8080),
    serverName: fc.oneof(fc.constant(null), arbitraryName),
  },
  { requiredKeys: ['direction', 'protocol', 'address'] },
);

/** The same names for every address, none of which is this machine's. */
export const arbitraryKnowledge: fc.Arbitrary<Knowledge> = fc
  .uniqueArray(arbitraryName, { maxLength: 3 })
  .map((names) => ({ namesOf: () => names, isHost: () => false }));
