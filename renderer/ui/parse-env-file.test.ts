import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseEnvFile } from './parse-env-file.ts';

function read(text: string): Record<string, string> {
  const result = parseEnvFile(text);
  if (!result.ok) throw new Error(result.problem);
  return Object.fromEntries(result.rows.map(({ name, value }) => [name, value]));
}

describe('parseEnvFile', () => {
  it.each([
    'A=1\nB=two words\n',
    '# a comment\n\nexport A=1\r\nB = 2 # behind\n',
    'A="quoted # not a comment"\nB=\'single "inside"\'\nC=\n',
    'URL=https://example.org/?a=b&c=d\n',
    'A="line\\nbreak"\n',
    'A=1\nA=2\n',
  ])('reads %j as Node does', (text) => {
    expect(read(text)).toEqual(parseEnv(text));
  });

  it('names the line that is none', () => {
    expect(parseEnvFile('A=1\nnonsense\n')).toEqual({
      ok: false,
      problem: 'Line 2 is not NAME=value.',
    });
  });
});
