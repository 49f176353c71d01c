import { afterEach, describe, expect, it } from 'vitest';
import { speak } from '../words/language.ts';
import {
  formatAgo,
  formatBytes,
  formatBytesOf,
  formatDuration,
  formatList,
  formatMiB,
  shortDigest,
} from './format.ts';

const mebibyte = 1024 * 1024;

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1.5 * mebibyte, '1.5 MiB'],
    [140.4 * mebibyte, '140 MiB'],
    [8 * 1024 * mebibyte, '8 GiB'],
    [-5, '0 B'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('writes progress in the unit of the whole', () => {
    expect(formatBytesOf(61 * mebibyte, 95 * mebibyte)).toBe('61 / 95 MiB');
    expect(formatBytesOf(10, 500)).toBe('10 / 500 B');
    expect(formatBytesOf(0, 2048)).toBe('0 / 2 KiB');
  });

  it('writes MiB as what they come to', () => {
    expect(formatMiB(512)).toBe('512 MiB');
    expect(formatMiB(8192)).toBe('8 GiB');
  });
});

describe('times', () => {
  it.each([
    [0, '0.0 s'],
    [930, '0.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_900, '1 min'],
    [184_000, '3 min 4 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [59_000, 'just now'],
    [300_000, '5 min ago'],
    [7_200_000, '2 h ago'],
    [86_400_000, '1 day ago'],
    [8 * 86_400_000, '8 days ago'],
    [59 * 86_400_000, '59 days ago'],
    [60 * 86_400_000, '1 month ago'],
    [61 * 86_400_000, '2 months ago'],
    [700 * 86_400_000, '22 months ago'],
    [731 * 86_400_000, '2 years ago'],
  ])('%d ms before now is %s', (age, text) => {
    const nowMs = 1_800_000_000_000;
    expect(formatAgo(nowMs - age, nowMs)).toBe(text);
  });
});

describe('in German', () => {
  afterEach(() => speak('en'));

  it('writes a comma and the words of that language', async () => {
    await speak('de');
    expect(formatBytes(1.5 * mebibyte)).toBe('1,5 MiB');
    expect(formatBytesOf(1.5 * mebibyte, 95 * mebibyte)).toBe('1,5 / 95 MiB');
    expect(formatDuration(930)).toBe('0,9 s');
    expect(formatAgo(0, 30_000)).toBe('gerade eben');
    expect(formatAgo(0, 86_400_000)).toBe('vor 1 Tag');
    expect(formatAgo(0, 61 * 86_400_000)).toBe('vor 2 Monaten');
    expect(formatList(['a', 'b'])).toBe('a und b');
  });
});

it('shortens digests', () => {
  expect(shortDigest(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('sha256:0123456789ab');
});
