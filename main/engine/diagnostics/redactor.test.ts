import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactedMark, Redactor } from './redactor.ts';

const redact = (text: string, values: string[] = [], home = '') =>
  new Redactor(
    values.map((value) => ({ value, kind: 'variable' as const })),
    home,
  ).redact(text);

describe('what looks like a secret', () => {
  it.each([
    ['Authorization: Bearer abc.def-123', 'abc.def-123'],
    ['{"authorization":"Basic dXNlcjpwYXNz"}', 'dXNlcjpwYXNz'],
    [String.raw`{"headers":"{\"Proxy-Authorization\":\"Digest q1w2e3\"}"}`, 'q1w2e3'],
    ['Cookie: skerry=s3ss10n; theme=dark', 's3ss10n'],
    ['sent Bearer q1w2e3r4 to it', 'q1w2e3r4'],
    ['pull from https://ci:hunter2@registry.example/v2/', 'hunter2'],
    ['http://ci:hunt@er2@registry.example/', 'er2'],
    ['http://127.0.0.1:4100/?token=Zm9vYmFy', 'Zm9vYmFy'],
    ['{"password": "a \\"b\\" c"}', 'b\\" c'],
    ["DB_PASSWORD='two words'", 'two words'],
    ['export AWS_SECRET_ACCESS_KEY=wJalrXUtn', 'wJalrXUtn'],
    ['mysql --password hunter2 -h db', 'hunter2'],
    ['["login","--password","hunter2"]', 'hunter2'],
    ['ghp_0123456789abcdefghij in a log', 'ghp_0123456789abcdefghij'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'c2ln'],
    ['a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb', 'MIIE'],
    ['MIIE\n-----END PRIVATE KEY-----\nb', 'MIIE'],
    ['a\n-----BEGIN PRIVATE KEY-----\nMIIE', 'MIIE'],
  ])('goes from %j', (text, secret) => {
    const redacted = redact(text);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain(redactedMark);
  });

  it('is not everything', () => {
    const text =
      'GET https://registry.example/v2/debian@sha256:12ab from 10.0.0.2:5000 at 12:01:33, 3 of 4';
    expect(redact(text)).toBe(text);
  });

  it('takes no longer for what a hostile guest writes', () => {
    // Quadratic patterns would take minutes for each of these, and the test would not end.
    const hostile = ['a', 'token', 'http://', 'x:', '"\\', '-----BEGIN PRIVATE KEY-----', 'eyJ'];
    for (const part of hostile) {
      const text = part.repeat(64 * 1024).slice(0, 64 * 1024);
      expect(redact(text).length).toBeLessThan(64 * 1024 + 64);
    }
  });
});

describe('values of variables', () => {
  /** Of characters that the mark has none of, so that the mark hides no failure. */
  const value = fc.string({
    unit: fc.constantFrom(...Array.from('HIJKXYZ0189 "\\/%\nß😀')),
    minLength: 6,
  });
  const around = fc.string({ unit: fc.constantFrom(...Array.from('HIJKXYZ0189 "\\/%\n:')) });

  it('go, however they are written', () => {
    fc.assert(
      fc.property(value, around, around, (secret, before, after) => {
        fc.pre(secret.trim().length >= 6);
        const forms = [
          secret,
          JSON.stringify(secret).slice(1, -1),
          JSON.stringify(JSON.stringify(secret)).slice(1, -1),
          Buffer.from(secret).toString('base64'),
        ];
        for (const form of forms) {
          expect(redact(`${before}${form}${after}`, [secret])).not.toContain(form);
        }
      }),
    );
  });

  it('go line by line, as a screen shows them', () => {
    const text = redact('[ 1.2] first-line\n[ 1.3] second-line\n', ['first-line\r\nsecond-line']);
    expect(text).toBe(`[ 1.2] ${redactedMark}\n[ 1.3] ${redactedMark}\n`);
  });

  it('that overlap leave nothing of each other', () => {
    expect(redact('-abcdefghi-', ['abcdef', 'defghi'])).toBe(`-${redactedMark}-`);
  });

  it('that are short stay: they are words', () => {
    expect(redact('state: 1, true', ['1', 'true'])).toBe('state: 1, true');
  });

  it('are counted in words', () => {
    const redactor = new Redactor([{ value: 'hunter22', kind: 'variable' }], '');
    redactor.redact('hunter22 and hunter22; https://a:b@c/');
    expect(redactor.describe()).toEqual(['2 values of variables', '1 password in an address']);
  });
});

it('says ~ for the home directory and for no other one', () => {
  expect(redact('/home/dev/a "/home/dev" /home/developer', [], '/home/dev')).toBe(
    '~/a "~" /home/developer',
  );
});

it('takes secrets out of JSON by their names, and leaves JSON', () => {
  const value = {
    password: 'a "b"',
    nested: [{ apiKey: 'hunter2', count: 3 }, 'https://a:hunter2@b/'],
    cmd: ['login', '--password', 'hunter2', 'registry.example'],
  };
  expect(new Redactor([], '').redactJson(value)).toEqual({
    password: redactedMark,
    nested: [{ apiKey: redactedMark, count: 3 }, `https://${redactedMark}@b/`],
    cmd: ['login', '--password', redactedMark, 'registry.example'],
  });
});
