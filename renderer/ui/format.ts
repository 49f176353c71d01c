/** Sizes, times and rates as the window writes them. All pure. */

const kibibyte = 1024;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size: `0 B`, `812 KiB`, `61.5 MiB`, `8 GiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let index = 0;
  while (value >= kibibyte && index < units.length - 1) {
    value /= kibibyte;
    index += 1;
  }
  return `${formatNumber(value, index === 0)} ${units[index] ?? 'B'}`;
}

/** A size given in MiB. */
export function formatMiB(mebibytes: number): string {
  return formatBytes(mebibytes * kibibyte * kibibyte);
}

/** Progress in one unit, that of the total: `61 / 95 MiB`. */
export function formatBytesOf(done: number, total: number): string {
  const [amount = '', unit = ''] = formatBytes(total).split(' ');
  const divisor = kibibyte ** Math.max(0, (units as readonly string[]).indexOf(unit));
  return `${formatNumber(done / divisor, divisor === 1)} / ${amount} ${unit}`;
}

function formatNumber(value: number, isWhole: boolean): string {
  if (isWhole || value >= 100) return String(Math.round(value));
  return String(Math.round(value * 10) / 10);
}

/** A length of time: `0.3 s`, `12 s`, `3 min 4 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${String(whole)} s`;
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

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
  if (age < minute) return 'just now';
  if (age < hour) return `${String(Math.floor(age / minute))} min ago`;
  if (age < day) return `${String(Math.floor(age / hour))} h ago`;
  const days = Math.floor(age / day);
  if (days < 60) return `${plural(days, 'day')} ago`;
  const months = Math.floor(days / 30.44);
  return months < 24
    ? `${String(months)} months ago`
    : `${String(Math.floor(days / 365.25))} years ago`;
}

/** The exact time, for a tooltip. */
export function formatExactTime(atMs: number): string {
  return new Date(atMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The start of a digest: `sha256:1f2e3d4c5b6a`. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 19);
}

/** `1 CPU`, `2 CPUs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
