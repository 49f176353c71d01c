import { InvalidArgumentError } from 'commander';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds since the epoch: `90s`, `10m`, `2h`, `3d` ago; or a date, of this time zone unless it names one. */
export function parseMoment(text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * (unitMs[unit] ?? 0);
  const isDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/.test(text);
  const atMs = isDate ? Date.parse(text) : NaN;
  if (Number.isNaN(atMs)) {
    throw new InvalidArgumentError('A time is 90s, 10m, 2h or 3d ago, or 2026-01-31T08:00.');
  }
  return atMs;
}
