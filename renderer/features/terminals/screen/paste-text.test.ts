import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { preparePaste } from './paste-text.ts';

describe('preparePaste', () => {
  it('asks before lines that a shell would run at once', () => {
    expect(preparePaste('a\nb\n', false)).toEqual({
      text: 'a\nb\n',
      lineCount: 2,
      needsConsent: true,
    });
    expect(preparePaste('a\r', false).needsConsent).toBe(true);
    expect(preparePaste('a b', false).needsConsent).toBe(false);
  });

  it('does not ask where the shell takes a paste as a whole', () => {
    expect(preparePaste('a\nb', true).needsConsent).toBe(false);
  });

  it('keeps tabs and every script of the world', () => {
    expect(preparePaste('\tgrüße 你好 👩‍🚀', false).text).toBe('\tgrüße 你好 👩‍🚀');
  });

  it('lets no escape sequence through, however it is hidden', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('\x1b', '[201~', '\x9b', '\x00', 'x', '\n')),
        (parts) => {
          // eslint-disable-next-line no-control-regex -- they are what must not be there
          expect(preparePaste(parts.join(''), true).text).not.toMatch(/[\u001b\u009b\u0000]/);
        },
      ),
    );
  });
});
