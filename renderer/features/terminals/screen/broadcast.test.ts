import { expect, it } from 'vitest';
import { isForAll } from './broadcast.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

it.each(['ls\r', '\x03', '\x1b[A', '\x1b', '\x1b[200~a\x1b[201~', 'ü'])(
  'sends %j to all',
  (text) => {
    expect(isForAll(bytes(text))).toBe(true);
  },
);

it.each(['\x1b[<0;3;4M', '\x1b[<0;3;4m', '\x1b[M !!', '\x1b[24;80R', '\x1b[?1;2c', '\x1b[I'])(
  'keeps %j to its terminal',
  (text) => {
    expect(isForAll(bytes(text))).toBe(false);
  },
);
