import { expect, it } from 'vitest';
import { parseClipboardWrite } from './clipboard-write.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('reads what a program wants to copy', () => {
  expect(parseClipboardWrite(`c;${base64('grüße 👋')}`)).toBe('grüße 👋');
  expect(parseClipboardWrite(`;${base64('x')}`)).toBe('x');
});

it.each([
  ['a question', 'c;?'],
  ['nothing', 'c;'],
  ['no selection', base64('x')],
  ['what is not base64', 'c;%%%'],
  ['what is not UTF-8', `c;${Buffer.from([0xff, 0xfe]).toString('base64')}`],
  ['too much', `c;${base64('x'.repeat(100 * 1024))}`],
])('takes %s for nothing', (_, data) => {
  expect(parseClipboardWrite(data)).toBeUndefined();
});
