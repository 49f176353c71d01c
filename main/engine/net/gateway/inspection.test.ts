import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textBytes } from '../wire/testing/arbitraries.ts';
import { forbiddenResponse, inspectFirstBytes, maxInspectedBytes } from './inspection.ts';
import { clientHello } from './testing/client-hello.ts';

const request = 'GET / HTTP/1.1\r\nHost: Example.org:8080\r\n\r\n';

describe('the first bytes of a connection', () => {
  it.each([
    [
      'TLS with a name',
      clientHello('example.org'),
      { state: 'done', name: 'example.org', isHttp: false },
    ],
    ['TLS without', clientHello(), { state: 'done', name: null, isHttp: false }],
    ['HTTP with a host', textBytes(request), { state: 'done', name: 'example.org', isHttp: true }],
    [
      'HTTP without',
      textBytes('GET / HTTP/1.0\r\n\r\n'),
      { state: 'done', name: null, isHttp: true },
    ],
    [
      'something else',
      textBytes('SSH-2.0-OpenSSH_10\r\n'),
      { state: 'done', name: null, isHttp: false },
    ],
    [
      'TLS that is none',
      Uint8Array.from([22, 3, 1, 0, 0, 1]),
      { state: 'malformed', isHttp: false },
    ],
    [
      'HTTP that has two hosts',
      textBytes('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'),
      { state: 'malformed', isHttp: true },
    ],
    ['nothing yet', new Uint8Array(), { state: 'more' }],
  ])('say what it is: %s', (_what, bytes, inspected) => {
    expect(inspectFirstBytes(bytes)).toEqual(inspected);
  });

  it.each([
    ['TLS', clientHello('example.org')],
    ['HTTP', textBytes(request)],
  ])('are waited for, and never taken for something else before: %s', (_what, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(inspectFirstBytes(bytes.subarray(0, length))).toEqual({ state: 'more' });
    }
  });

  it('are not waited for without end', () => {
    const endless = new Uint8Array(maxInspectedBytes);
    endless.set([22, 3, 1, 0x40, 0, 1, 0, 0x7f, 0xff]);
    endless.set([22, 3, 1, 0x40, 0], 5 + 0x4000);
    expect(inspectFirstBytes(endless)).toMatchObject({ state: 'malformed' });
    const lines = textBytes(`GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(maxInspectedBytes / 6)}`);
    expect(inspectFirstBytes(lines)).toMatchObject({ state: 'malformed' });
  });

  it('may be anything', () => {
    const beginnings = fc.constantFrom([], [22, 3, 1], [...textBytes('POST / HTTP/1.1\r\n')]);
    fc.assert(
      fc.property(beginnings, fc.uint8Array({ maxLength: 300 }), (beginning, rest) => {
        inspectFirstBytes(Uint8Array.from([...beginning, ...rest]));
      }),
    );
  });
});

describe('the answer to a refused request', () => {
  it('says the rule and the reason, and how long it is', () => {
    const text = Buffer.from(forbiddenResponse('deny a', 'It is no.')).toString('latin1');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head.split('\r\n')).toContain('X-Skerry-Rule: deny a');
    expect(head.split('\r\n')).toContain(`Content-Length: ${String(body.length)}`);
    expect(body).toBe('Skerry refused this request.\nRule: deny a\nReason: It is no.\n');
  });

  it('is one answer whatever a name holds', () => {
    const bytes = forbiddenResponse('deny a\r\nX: y', 'ä\r\n\r\nHTTP/1.1 200 OK');
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).not.toMatch(/\r\nX: y/);
    expect(text.split('\r\n\r\n')).toHaveLength(2);
  });
});
