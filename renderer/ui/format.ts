/** Sizes, times and rates as the window writes them, in the language that it speaks. */
import { locale, translate } from '../words/language.ts';

const kibibyte = 1024;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size: `0 B`, `812 KiB`, `61.5 MiB`, `8 GiB`. */
export function formatBytes(bytes: number): string {
  const index = unitOf(bytes);
  return `${formatInUnit(bytes, index)} ${units[index] ?? 'B'}`;
}

/** A size given in MiB. */
export function formatMiB(mebibytes: number): string {
  return formatBytes(mebibytes * kibibyte * kibibyte);
}

/** Progress in one unit, that of the total: `61 / 95 MiB`. */
export function formatBytesOf(done: number, total: number): string {
  return `${formatInUnit(done, unitOf(total))} / ${formatBytes(total)}`;
}

/** The largest unit, by its place, in which a size is not less than one. */
function unitOf(bytes: number): number {
  let index = 0;
  while (bytes >= kibibyte ** (index + 1) && index < units.length - 1) index += 1;
  return index;
}

function formatInUnit(bytes: number, index: number): string {
  const value = Math.max(0, bytes) / kibibyte ** index;
  return formatNumber(value, { maximumFractionDigits: index === 0 || value >= 100 ? 0 : 1 });
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** A number as the language writes it. Making a format takes longer than a row of a table may. */
export function formatNumber(value: number, options: Intl.NumberFormatOptions): string {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const known = numberFormats.get(key);
  const format = known ?? new Intl.NumberFormat(locale(), { useGrouping: false, ...options });
  if (known === undefined) numberFormats.set(key, format);
  return format.format(value);
}

/** A length of time: `0.3 s`, `12 s`, `3 min 4 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) {
    const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    return `${formatNumber(seconds, tenths)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** The symbols of the units are the same in every language (SI brochure, table 8). */
function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = small === 0 ? '' : ` ${String(small)} ${smallUnit}`;
  return `${String(large)} ${largeUnit}${rest}`;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago: `just now`, `5 min ago`, `2 h ago`, `8 days ago`, `5 months ago`, `3 years ago`. */
export function formatAgo(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  if (age < minute) return translate('ui:ago.justNow');
  if (age < hour) return translate('ui:ago.minutes', { amount: Math.floor(age / minute) });
  if (age < day) return translate('ui:ago.hours', { amount: Math.floor(age / hour) });
  const days = Math.floor(age / day);
  if (days < 60) return translate('ui:ago.days', { count: days });
  const months = Math.floor(days / 30.44);
  return months < 24
    ? translate('ui:ago.months', { count: months })
    : translate('ui:ago.years', { count: Math.floor(days / 365.25) });
}

/** The exact time, for a tooltip. */
export function formatExactTime(atMs: number): string {
  return new Date(atMs).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Several things in one sentence: `a`, `a and b`, `a, b and c`. */
export function formatList(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts);
}

/** The start of a digest: `sha256:1f2e3d4c5b6a`. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 19);
}
