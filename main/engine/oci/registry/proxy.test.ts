import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy.example:3128';
const both = { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other.example' };

describe('proxyFor', () => {
  it.each([
    ['https://a.example/', both, 'proxy.example:3128'],
    ['http://a.example/', both, 'other.example'],
    ['http://a.example/', { HTTPS_PROXY: proxy }, undefined],
    ['https://a.example/', { HTTP_PROXY: proxy }, undefined],
    ['https://a.example/', { https_proxy: '', HTTPS_PROXY: proxy }, undefined],
    [
      'https://a.example/',
      { https_proxy: 'lower.example:80', HTTPS_PROXY: proxy },
      'lower.example',
    ],
    ['https://localhost:5000/', both, undefined],
    ['https://127.0.0.2/', both, undefined],
    ['http://[::1]:5000/', both, undefined],
  ])('for %s with %o is %s', (url, environment, expected) => {
    expect(proxyFor(new URL(url), environment)?.host).toBe(expected);
  });

  it.each([
    ['https://a.example/', '*', true],
    ['https://a.example/', 'b.example, a.example', true],
    ['https://a.example/', 'b.example a.example', true],
    ['https://x.a.example/', 'A.example', true],
    ['https://x.a.example/', '.a.example', true],
    ['https://x.a.example/', '*.a.example', true],
    ['https://xa.example/', 'a.example', false],
    ['https://a.example/', 'a.example:443', true],
    ['https://a.example/', 'a.example:5000', false],
    ['https://a.example:5000/', 'a.example:5000', true],
    ['https://10.1.2.3/', '10.0.0.0/8', true],
    ['https://11.1.2.3/', '10.0.0.0/8', false],
    ['https://10.1.2.3/', '10.1.2.3', true],
    ['https://10.1.2.3/', '10.1.2', false],
    ['https://10.1.2.3:5000/', '10.1.2.3:5000', true],
    ['https://[2001:db8::1]/', '2001:db8::1', true],
    ['https://[2001:db8::1]/', '[2001:db8:0::1]', true],
    ['https://[2001:db8::1]:5000/', '[2001:db8::1]:5000', true],
    ['https://[2001:db8::1]/', '2001:db8::/32', true],
    ['https://[2001:db8::1]/', '10.0.0.0/8', false],
    ['https://a.example/', '10.0.0.0/8,,', false],
    ['https://a.example/', '', false],
  ])('for %s with exceptions %s: direct is %s', (url, noProxy, isDirect) => {
    const environment = { ...both, NO_PROXY: noProxy };
    expect(proxyFor(new URL(url), environment) === undefined).toBe(isDirect);
  });

  it.each(['socks5://user:s3cret@proxy.example', 'http://user:s3cret@'])(
    'refuses %s without telling it',
    (text) => {
      const ask = (): unknown => proxyFor(new URL('https://a.example'), { HTTPS_PROXY: text });
      expect(ask).toThrow('HTTPS_PROXY does not hold the address of an HTTP proxy');
      expect(ask).not.toThrow('s3cret');
    },
  );
});
