import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

function parsed(header: string): [string, Record<string, string>][] {
  return parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
}

describe('parseChallenges', () => {
  it('reads the challenge of a token server', () => {
    expect(
      parsed('Bearer realm="https://a.test/token",service="a.test",scope="repository:x:pull,push"'),
    ).toEqual([
      [
        'bearer',
        { realm: 'https://a.test/token', service: 'a.test', scope: 'repository:x:pull,push' },
      ],
    ]);
  });

  it.each([
    ['Basic realm="private"', [['basic', { realm: 'private' }]]],
    ['BEARER Realm=plain', [['bearer', { realm: 'plain' }]]],
    ['Bearer realm = "spaced" , service = x', [['bearer', { realm: 'spaced', service: 'x' }]]],
    ['Bearer realm="a \\"quoted\\" \\\\ word"', [['bearer', { realm: 'a "quoted" \\ word' }]]],
    [
      'Basic realm="one", Bearer realm="two",service="s"',
      [
        ['basic', { realm: 'one' }],
        ['bearer', { realm: 'two', service: 's' }],
      ],
    ],
    [
      'Negotiate, Bearer realm="two"',
      [
        ['negotiate', {}],
        ['bearer', { realm: 'two' }],
      ],
    ],
    [
      'NTLM TlRMTVNTUAAB==, Bearer realm="two"',
      [
        ['ntlm', {}],
        ['bearer', { realm: 'two' }],
      ],
    ],
    ['', []],
    [' , ,', []],
    ['realm="no scheme"', []],
    ['Bearer realm="not closed', [['bearer', {}]]],
    ['Bearer realm=', [['bearer', {}]]],
    ['"', []],
  ] as const)('reads %j', (header, expected) => {
    expect(parsed(header)).toEqual(expected);
  });

  it('never throws, and ends', () => {
    const piece = fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'realm', 'a==', '\t', 'é');
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), text), (header) => {
        expect(parseChallenges(header).length).toBeLessThanOrEqual(header.length);
      }),
    );
  });

  it('reads a huge header no further than its bound', () => {
    expect(parseChallenges('a,'.repeat(1_000_000)).length).toBeLessThanOrEqual(4096);
  });
});
