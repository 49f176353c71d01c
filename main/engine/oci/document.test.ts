import { describe, expect, it } from 'vitest';
import { parseImageConfig } from './config.ts';
import { limits, parseDocument } from './document.ts';
import { z } from 'zod';

const origin = { name: 'registry.example/app', malformed: 'registry/bad-answer' } as const;

describe('parseDocument', () => {
  it.each([
    ['elements of the wrong type', `{"config":{"Env":[${'0,'.repeat(1_000_000)}0]}}`],
    ['elements within each other', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ['fields', `{${Array.from({ length: 100_001 }, (_, at) => `"${String(at)}":0`).join()}}`],
  ])('does not look at each of very many %s', (_, text) => {
    expect(() => parseImageConfig(Buffer.from(text), origin)).toThrow(
      'The configuration of "registry.example/app" has more than 100000 elements and fields.',
    );
  });

  it('takes as many as are allowed', () => {
    const most = Array.from({ length: limits.documentValues }, () => 'x');
    const read = (values: string[]): unknown =>
      parseDocument(Buffer.from(JSON.stringify(values)), 'It', z.array(z.string()), origin);
    expect(read(most)).toEqual(most);
    expect(() => read([...most, 'x'])).toThrow('It of "registry.example/app" has more than');
  });
});
