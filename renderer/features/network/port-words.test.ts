import { describe, expect, it } from 'vitest';
import { parsePortMapping } from '../../../main/contract/config/port-mapping.ts';
import { anError } from '../../testing/builders.ts';
import { aGuestPort } from '../../testing/network-builders.ts';
import { addressOf, portOf, readFreePort, urlOf } from './port-words.ts';

const mapping = (text: string) => {
  const port = parsePortMapping(text);
  if (port === undefined) throw new Error(`"${text}" is no port.`);
  return port;
};

it('says where a port answers', () => {
  expect(addressOf(mapping('8080:80'))).toBe('127.0.0.1:8080');
  expect(addressOf(mapping('[::1]:8080:80'))).toBe('[::1]:8080');
});

it.each([
  ['8080:80', 'http://127.0.0.1:8080'],
  ['[::1]:8080:80', 'http://[::1]:8080'],
  ['8080:80/udp', undefined],
  ['0.0.0.0:8080:80', undefined],
])('opens %s at %s', (text, url) => {
  expect(urlOf(mapping(text))).toBe(url);
});

it('publishes a listener on the host port that is suggested', () => {
  expect(portOf(aGuestPort({ port: 5353, protocol: 'udp', suggestedHostPort: 5354 }))).toBe(
    '5354:5353/udp',
  );
});

describe('readFreePort', () => {
  it('is what an error about a port in use offers', () => {
    const details = { holder: 'nginx', freePort: 8081 };
    expect(readFreePort(anError('network/port-in-use', { details }))).toBe(8081);
  });

  it('does without what is not known', () => {
    expect(readFreePort(anError('network/port-in-use'))).toBeUndefined();
    expect(readFreePort(anError('sandbox/busy'))).toBeUndefined();
  });
});
