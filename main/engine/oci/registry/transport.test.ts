import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Transports, type Trust } from './transport.ts';

const [authority = ''] = rootCertificates;

describe('Transports', () => {
  const route = (transports: Transports, url: string, trust?: Trust) =>
    transports.with(trust).routeTo(new URL(url));

  it('shares connections among those who trust the same', () => {
    const transports = new Transports({});
    const { dispatcher } = route(transports, 'https://a.example/');
    expect(route(transports, 'https://b.example/').dispatcher).toBe(dispatcher);
    const trusting = { authorities: [authority] };
    const other = route(transports, 'https://a.example/', trusting).dispatcher;
    expect(other).not.toBe(dispatcher);
    expect(route(transports, 'https://b.example/', { ...trusting }).dispatcher).toBe(other);
  });

  it('takes any certificate of the host that is named, and of no other', () => {
    const transports = new Transports({});
    const trust = { insecureHost: 'a.example' };
    const usual = route(transports, 'https://a.example/').dispatcher;
    expect(route(transports, 'https://a.example:5000/', trust).dispatcher).not.toBe(usual);
    expect(route(transports, 'https://b.a.example/', trust).dispatcher).toBe(usual);
  });

  it('names the proxy without its password', () => {
    const transports = new Transports({ HTTPS_PROXY: 'http://somebody:s3cret@proxy.example:3128' });
    expect(route(transports, 'https://a.example/').proxy).toBe('proxy.example:3128');
    expect(route(transports, 'http://a.example/').proxy).toBeUndefined();
    expect(route(transports, 'https://localhost/').proxy).toBeUndefined();
  });

  it('keeps a number of them', () => {
    const transports = new Transports({});
    const first = route(transports, 'http://a.example/').dispatcher;
    for (let number = 0; number < 64; number += 1) {
      route(transports, 'http://a.example/', { authorities: [String(number)] });
    }
    expect(route(transports, 'http://a.example/').dispatcher).not.toBe(first);
  });
});
