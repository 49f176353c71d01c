import { expect, it } from 'vitest';
import { parsePortMapping } from '../../main/contract/config/port-mapping.ts';
import { addressOf, urlOf } from './port-address.ts';

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
