import { describe, expect, it } from 'vitest';
import { networkSchema } from '../../main/contract/config/network.ts';
import { describeNetwork, describePort, warnOfBind } from './network-words.ts';

describe('describeNetwork', () => {
  it('says the policy and the ports', () => {
    expect(describeNetwork(networkSchema.parse({ ports: ['8080:80'] }))).toBe(
      'public network · 8080 → 80',
    );
  });

  it('counts what is named besides the policy', () => {
    const network = networkSchema.parse({
      policy: 'allow-list',
      allow: ['a.org', '*.b.org'],
      deny: ['private'],
      rules: [{ action: 'deny' }],
    });
    expect(describeNetwork(network)).toBe('allow list, 2 allowed, 1 denied, 1 rule');
  });
});

it.each([
  ['0.0.0.0:5353:53/udp', '0.0.0.0:5353 → 53 udp'],
  ['[::1]:8443:443/tcp', '[::1]:8443 → 443'],
  ['nonsense', 'nonsense'],
])('reads the port %s as %s', (text, words) => {
  expect(describePort(text)).toBe(words);
});

it('warns of what other machines can reach', () => {
  expect(warnOfBind('127.0.0.1', false)).toBeUndefined();
  expect(warnOfBind('::', true)).toContain('every address');
  expect(warnOfBind('192.168.1.4', true)).toContain('192.168.1.4');
});
