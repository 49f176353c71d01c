import { isIPv4, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressGroups, canonicalAddress } from '../../../contract/config/destination.ts';
import { parseAddress } from '../wire/address.ts';
import { decide, noKnowledge } from './decide.ts';
import { embeddedIpv4s, groupOf, isInCidr, isIpv4InIpv6 } from './groups.ts';
import { arbitraryAddress, embeddings, flowTo, policyOf } from './testing/policies.ts';

const { isHost } = noKnowledge;
const allForms = Object.entries(embeddings);

describe('groupOf', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['10.255.255.255', 'private'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.0', 'private'],
    ['100.64.0.1', 'private'],
    ['198.19.255.255', 'private'],
    ['240.0.0.1', 'private'],
    ['255.255.255.254', 'private'],
    ['fdff::1', 'private'],
    ['fec0::1', 'private'],
    ['64:ff9b:1::808:808', 'private'],
    // Outside of global unicast: of a mesh, to be thrown away, of nobody yet.
    ['200::1', 'private'],
    ['100::1', 'private'],
    ['5f00::1', 'private'],
    ['4000::1', 'private'],
    ['200::5efe:808:808', 'private'],
    ['127.255.255.255', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::a9fe:a9fe', 'metadata'],
    ['224.0.0.251', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::fb', 'multicast'],
    ['0.0.0.0', undefined],
    ['0.1.2.3', undefined],
    ['255.255.255.255', undefined],
    ['::', undefined],
    ['', undefined],
    ['example.org', undefined],
    ['0x7f.1', undefined],
    ['010.0.0.1', undefined],
    ['2130706433', undefined],
  ])('of %j is %s', (address, group) => {
    expect(groupOf(address, isHost)).toBe(group);
  });

  const near = [
    ...['10.1.2.3', '127.0.0.1', '169.254.1.1', '169.254.169.254', '224.0.0.1', '0.0.0.0'],
  ];
  it.each(allForms)('finds an address that is not public within another: %s', (_, embed) => {
    for (const address of near) {
      const groups = [groupOf(embed(address), isHost), groupOf(address, isHost)];
      expect(groups[0]).toBe(groups[1]);
    }
  });

  it.each(allForms)('finds a public one, too: %s', (_, embed) => {
    expect(groupOf(embed('8.8.4.4'), isHost)).toBe('public');
  });

  it.each(allForms)("knows this machine's own addresses within others: %s", (_, embed) => {
    for (const own of ['8.8.4.4', '192.168.1.5', '169.254.7.7']) {
      expect(groupOf(embed(own), (address) => address === own)).toBe('host');
    }
  });

  it('takes the strictest of what an address is and has within it', () => {
    expect(groupOf('fd00::5efe:a9fe:a9fe', isHost)).toBe('metadata');
    expect(groupOf('fe80::5efe:7f00:1', isHost)).toBe('loopback');
    expect(groupOf('fe80::5efe:c0a8:105', (address) => address === '192.168.1.5')).toBe('host');
  });

  it('is one at most: of the rules that allow a group, no two allow an address', () => {
    const policies = addressGroups.map((group) => policyOf({ allow: [group] }));
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        const flow = flowTo(address, { direction: 'egress' });
        const allowing = policies.filter(
          (policy) => decide(policy, flow, noKnowledge).verdict === 'allow',
        );
        const group = groupOf(address, isHost);
        const count = group === undefined || isIpv4InIpv6(address) ? 0 : 1;
        expect(allowing).toHaveLength(count);
      }),
    );
  });

  it('is public only where everything within the address is', () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        if (groupOf(address, isHost) !== 'public') return;
        for (const inner of embeddedIpv4s(address)) expect(groupOf(inner, isHost)).toBe('public');
      }),
    );
  });

  it('is the same however the address is written', () => {
    fc.assert(
      fc.property(arbitraryAddress, (address) => {
        const bytes = [...(parseAddress(address) ?? [])];
        if (bytes.length !== 16) return;
        const words = Array.from({ length: 8 }, (_, index) =>
          bytes.slice(index * 2, index * 2 + 2),
        );
        const long = words.map(([a = 0, b = 0]) => ((a << 8) | b).toString(16).padStart(4, '0'));
        expect(groupOf(long.join(':').toUpperCase(), isHost)).toBe(groupOf(address, isHost));
      }),
    );
  });

  it('and its companions take any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4Extended()), (text) => {
        groupOf(text, isHost);
        isInCidr(text, '10.0.0.0', 8);
        isIpv4InIpv6(text);
        embeddedIpv4s(text);
      }),
    );
  });
});

describe('isInCidr', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0', 8, true],
    ['11.0.0.0', '10.0.0.0', 8, false],
    ['10.0.0.1', '0.0.0.0', 0, true],
    ['2001:db8::1', '2001:db8::', 32, true],
    ['2001:db9::1', '2001:db8::', 32, false],
    ['10.0.0.1', '::', 0, false],
    ['::1', '0.0.0.0', 0, false],
    ['::ffff:10.0.0.1', '10.0.0.0', 8, false],
    ['nonsense', '0.0.0.0', 0, false],
  ])('%s in %s/%d: %s', (address, cidr, prefix, isIn) => {
    expect(isInCidr(address, cidr, prefix)).toBe(isIn);
  });
});

describe('embeddedIpv4s', () => {
  it.each(allForms)('finds what is embedded: %s', (_, embed) => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(embeddedIpv4s(embed(address))).toContain(address);
      }),
    );
  });

  it('finds nothing where nothing is', () => {
    for (const address of ['8.8.8.8', '2606:4700::1111', 'fe80::1', '64:ff9b:2::a00:1']) {
      expect(embeddedIpv4s(address)).toEqual([]);
    }
  });

  it.each([
    ['::ffff:8.8.8.8', true],
    ['::ffff:808:808', true],
    ['::808:808', true],
    ['::ffff:0:808:808', true],
    ['::1', false],
    ['64:ff9b::808:808', false],
    ['8.8.8.8', false],
  ])('of %s: only in words, %s', (address, is) => {
    expect(isIpv4InIpv6(address)).toBe(is);
  });
});

describe('canonicalAddress', () => {
  const part = fc.constantFrom('::', ':', '.', '%', '0x', '010', '1', 'ffff', '255', '10.0.0.1');
  const texts = fc.oneof(
    arbitraryAddress,
    fc.ipV4Extended(),
    fc.string(),
    fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
  );

  it('takes for an address what Node and the packets do, without a zone', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const is = isIPv4(text) || (isIPv6(text) && !text.includes('%'));
        expect(canonicalAddress(text) !== undefined).toBe(is);
        expect(parseAddress(text) !== undefined).toBe(is);
        if (is) expect(parseAddress(canonicalAddress(text) ?? '')).toEqual(parseAddress(text));
      }),
      { numRuns: 5000 },
    );
  });
});
