import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHttpHost } from './http-request.ts';
import { neverThrows, textBytes } from './testing/arbitraries.ts';

const read = (text: string) => readHttpHost(textBytes(text));
const head = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

describe('readHttpHost', () => {
  it('reads the Host field', () => {
    const text = head('GET /a?b HTTP/1.1', 'Accept: */*', 'hOsT: \t Www.Example.com:8080 ');
    expect(read(`${text}body\n\0`)).toEqual({
      state: 'host',
      host: 'www.example.com',
      method: 'GET',
      target: '/a?b',
    });
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])(
    'knows the method %s',
    (method) => {
      expect(read(head(`${method} / HTTP/1.0`, 'Host: a'))).toMatchObject({ host: 'a', method });
    },
  );

  it('wants more of every part of a head', () => {
    const text = head('DELETE http://a.b/ HTTP/1.1', 'Host: a.b', 'X: y');
    for (let end = 0; end < text.length; end++) {
      expect(read(text.slice(0, end))).toEqual({ state: 'more' });
    }
  });

  it.each(['SSH-2.0-x', '\x16\x03\x01', 'get / HTTP/1.1', 'GETX', 'G\r\n', '\r\nGET /', ' '])(
    'takes %j for something else',
    (text) => {
      expect(read(text)).toEqual({ state: 'not-http' });
    },
  );

  it.each([
    ['example.com.', 'example.com'],
    ['example.com:', 'example.com'],
    ['localhost', 'localhost'],
    ['192.0.2.1:80', '192.0.2.1'],
    ['[2001:DB8:0::1]:80', '2001:db8::1'],
    ['[::1]', '::1'],
  ])('reads the host %s as %s', (field, host) => {
    expect(read(head('GET / HTTP/1.1', `Host: ${field}`))).toMatchObject({ state: 'host', host });
  });

  it.each([
    ['the target alone', head('GET http://A.example/x HTTP/1.1')],
    ['both', head('GET http://a.example/x HTTP/1.1', 'Host: A.example')],
    ['one with the default port', head('GET http://a.example:80 HTTP/1.1', 'Host: a.example')],
    ['the other with it', head('GET https://a.example HTTP/1.1', 'Host: a.example:443')],
    ['the same port', head('GET http://a.example:81?x HTTP/1.1', 'Host: a.example:081')],
    ['CONNECT', head('CONNECT a.example:443 HTTP/1.1', 'Host: a.example:443')],
    ['CONNECT with half a field', head('CONNECT a.example:443 HTTP/1.1', 'Host: a.example')],
    ['CONNECT without field', head('CONNECT a.example:443 HTTP/1.1')],
  ])('takes the host of %s', (_, text) => {
    expect(read(text)).toMatchObject({ state: 'host', host: 'a.example' });
  });

  it.each([
    ['no field', head('GET / HTTP/1.0'), 'GET', '/'],
    ['an empty field', head('GET / HTTP/1.1', 'Host: '), 'GET', '/'],
    ['no authority', head('OPTIONS * HTTP/1.1'), 'OPTIONS', '*'],
    ['HTTP/2', `${head('PRI * HTTP/2.0')}SM\r\n\r\n`, 'PRI', '*'],
  ])('finds none in %s', (_, text, method, target) => {
    expect(read(text)).toEqual({ state: 'none', method, target });
  });

  it.each([
    ['two fields', head('GET / HTTP/1.1', 'Host: a', 'Host: a')],
    ['two fields in other cases', head('GET / HTTP/1.1', 'Host: a', 'HOST: b')],
    ['two hosts', head('GET / HTTP/1.1', 'Host: a, b')],
    ['a user', head('GET / HTTP/1.1', 'Host: u@a')],
    ['a path', head('GET / HTTP/1.1', 'Host: a/b')],
    ['a byte beyond ASCII', head('GET / HTTP/1.1', 'Host: ä')],
    ['a hard blank', head('GET / HTTP/1.1', 'Host: a\xa0')],
    ['a zero byte', head('GET / HTTP/1.1', 'Host: a\0b')],
    ['a port that is no number', head('GET / HTTP/1.1', 'Host: a:b')],
    ['a port that is too large', head('GET / HTTP/1.1', 'Host: a:65536')],
    ['half an address', head('GET / HTTP/1.1', 'Host: 127.1')],
    ['an address without brackets', head('GET / HTTP/1.1', 'Host: ::1')],
    ['an IPv4 address in brackets', head('GET / HTTP/1.1', 'Host: [1.2.3.4]')],
    ['a zone', head('GET / HTTP/1.1', 'Host: [fe80::1%25eth0]')],
    ['a blank before the colon', head('GET / HTTP/1.1', 'Host : a')],
    ['a folded field', head('GET / HTTP/1.1', 'Host: a', ' b')],
    ['a folded beginning', head('GET / HTTP/1.1', '\tHost: a')],
    ['a line without colon', head('GET / HTTP/1.1', 'Host')],
    ['a bare LF', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
    ['a bare LF between fields', 'GET / HTTP/1.1\r\nX: y\nHost: a\r\n\r\n'],
    ['a bare CR', 'GET / HTTP/1.1\r\nX: y\rHost: a\r\n\r\n'],
    ['no version', head('GET /', 'Host: a')],
    ['another version', head('GET / HTTP/2.0', 'Host: a')],
    ['two blanks', head('GET  / HTTP/1.1', 'Host: a')],
    ['three parts of a target', head('GET / x HTTP/1.1', 'Host: a')],
    ['a target that is none', head('GET a HTTP/1.1', 'Host: a')],
    ['a target of everything', head('GET * HTTP/1.1', 'Host: a')],
    ['another host in the target', head('GET http://b/ HTTP/1.1', 'Host: a')],
    ['another port in the target', head('GET http://a:81/ HTTP/1.1', 'Host: a')],
    ['a target with an empty field', head('GET http://a/ HTTP/1.1', 'Host:')],
    ['a target with a user', head('GET http://u@a/ HTTP/1.1', 'Host: a')],
    ['a target without host', head('GET http:/// HTTP/1.1', 'Host: a')],
    ['a fragment', head('GET http://a#@b/ HTTP/1.1', 'Host: a')],
    ['CONNECT without port', head('CONNECT a HTTP/1.1', 'Host: a')],
    ['CONNECT to another', head('CONNECT b:443 HTTP/1.1', 'Host: a:443')],
    ['a method of HTTP/2', head('PRI / HTTP/1.1', 'Host: a')],
    ['HTTP/2 with fields', head('PRI * HTTP/2.0', 'Host: a')],
  ])('takes %s for malformed', (_, text) => {
    expect(read(text)).toEqual({ state: 'malformed' });
  });

  it('looks at 16 KiB and no more', () => {
    const filler = (byteCount: number): string => {
      const empty = head('GET / HTTP/1.1', 'Host: a', 'X: ');
      return head('GET / HTTP/1.1', 'Host: a', `X: ${'y'.repeat(byteCount - empty.length)}`);
    };
    expect(read(filler(16_384))).toMatchObject({ state: 'host' });
    expect(read(filler(16_386))).toEqual({ state: 'malformed' });
    expect(read(filler(16_384).slice(0, -1))).toEqual({ state: 'more' });
    expect(read(filler(17_000).slice(0, 16_383))).toEqual({ state: 'more' });
    expect(read(filler(17_000).slice(0, 16_384))).toEqual({ state: 'malformed' });
  });

  it('throws for no bytes', () => {
    const line = fc.oneof(
      fc.constantFrom('Host: a', 'Host: [::1]:80', 'X: y', ' z', 'Host:'),
      fc.string({ maxLength: 20 }),
    );
    const target = fc.oneof(fc.constantFrom('/', '*', 'http://a/', 'a:1'), fc.webUrl());
    const requests = fc
      .tuple(fc.constantFrom('GET', 'CONNECT', 'PRI', 'OPTIONS'), target, fc.array(line))
      .map(([method, where, lines]) => textBytes(head(`${method} ${where} HTTP/1.1`, ...lines)));
    neverThrows(requests, readHttpHost);
  });
});
