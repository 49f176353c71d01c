import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { lineSeparatorOf } from './line-separator.ts';

it.each(['a\nb\n', 'a\r\nb\r\n', 'a\r\nb\n', 'a\rb\n', '\n\r\n', '\r\n\n', 'a\rb', 'one', ''])(
  '%j comes out of the editor as it went in',
  (text) => {
    const separator = lineSeparatorOf(text);
    const state = EditorState.create({
      doc: text,
      extensions: EditorState.lineSeparator.of(separator),
    });
    expect(state.sliceDoc()).toBe(text);
  },
);

it('lines of a file from Windows are lines', () => {
  expect(lineSeparatorOf('a\r\nb\r\n')).toBe('\r\n');
});
