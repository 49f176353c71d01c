import { describe, expect, it } from 'vitest';
import { mayLeadTo, registryOrigins } from './endpoint.ts';

describe('registryOrigins', () => {
  it.each([
    ['docker.io', 'https://registry-1.docker.io'],
    ['registry.test', 'https://registry.test'],
    ['registry.test:5000', 'https://registry.test:5000'],
    ['registry.test:80', 'https://registry.test:80'],
    ['localhost', 'http://localhost'],
    ['localhost:5000', 'http://localhost:5000'],
    ['localhost:443', 'http://localhost:443'],
    ['localhost:80', 'http://localhost'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['127.1.2.3', 'http://127.1.2.3'],
    ['127.1:5000', 'http://127.0.0.1:5000'],
    ['[::1]:5000', 'http://[::1]:5000'],
    ['[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['[2001:db8::1]', 'https://[2001:db8::1]'],
    ['10.0.0.1:5000', 'https://10.0.0.1:5000'],
    ['localhost.registry.test', 'https://localhost.registry.test'],
    ['127.0.0.1.registry.test', 'https://127.0.0.1.registry.test'],
  ])('of %s is %s', (registry, origin) => {
    expect(registryOrigins(registry).map((url) => url.origin)).toEqual([origin]);
  });

  it.each(['1.2.3.999', '[::::]', '[1.2.3.4]'])('refuses %s', (registry) => {
    expect(() => registryOrigins(registry)).toThrow('is not the name of a registry');
  });

  it.each([
    [
      'registry.test:5000',
      { isInsecure: true },
      ['https://registry.test:5000', 'http://registry.test:5000'],
    ],
    ['registry.test', { caFile: '/ca.pem' }, ['https://registry.test']],
    ['localhost:5000', { isInsecure: true }, ['https://localhost:5000', 'http://localhost:5000']],
    ['localhost:5000', { caFile: '/ca.pem' }, ['https://localhost:5000', 'http://localhost:5000']],
    ['localhost:443', { isInsecure: true }, ['https://localhost', 'http://localhost:443']],
  ])('of %s with %o are %o', (registry, settings, origins) => {
    expect(registryOrigins(registry, settings).map((url) => url.origin)).toEqual(origins);
  });

  it('takes no name of an object’s own for an alias', () => {
    expect(registryOrigins('constructor')[0].origin).toBe('https://constructor');
  });
});

describe('mayLeadTo', () => {
  it.each([
    ['https://a.test', 'https://b.test', true],
    ['https://a.test', 'http://a.test', false],
    ['https://a.test', 'http://localhost', false],
    ['https://a.test', 'https://localhost', false],
    ['https://a.test', 'https://127.0.0.1', false],
    ['https://a.test', 'https://[::ffff:127.0.0.1]', false],
    ['https://a.test', 'https://user@b.test', false],
    ['http://localhost', 'http://127.0.0.1:81', true],
    ['http://localhost', 'https://b.test', true],
    ['http://localhost', 'http://b.test', false],
    ['http://a.test:5000', 'http://a.test:5001', true],
    ['http://a.test', 'http://b.test', false],
    ['http://a.test', 'http://localhost', false],
    ['http://localhost', 'ftp://localhost', false],
  ])('from %s to %s: %s', (from, to, expected) => {
    expect(mayLeadTo(new URL(from), new URL(to))).toBe(expected);
  });
});
