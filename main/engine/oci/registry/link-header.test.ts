import { describe, expect, it } from 'vitest';
import { nextLink } from './link-header.ts';

describe('nextLink', () => {
  it.each([
    ['</v2/app/tags/list?n=1&last=a>; rel="next"', '/v2/app/tags/list?n=1&last=a'],
    ['</next>;rel=next', '/next'],
    ['</next>; title="a, \\"b\\"; c"; REL = "prev Next"', '/next'],
    ['</a>; rel="prev", </b>; rel="next"', '/b'],
    ['</a>; rel="last"', undefined],
    ['</a>', undefined],
    ['/a; rel="next"', undefined],
    ['</a; rel="next"', undefined],
    ['', undefined],
  ])('of %s is %s', (header, expected) => {
    expect(nextLink(header)).toBe(expected);
  });

  it('reads no more than a header may have', () => {
    expect(nextLink(`${' '.repeat(100_000)}</a>; rel="next"`)).toBeUndefined();
  });
});
