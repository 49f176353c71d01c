import { formatBytes, formatNumber } from './format.ts';

/** Bytes in a second: `1.2 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** A part of a hundred: `0.4 %`, `12 %`. */
export function formatPercent(percent: number): string {
  return `${formatNumber(percent, { maximumFractionDigits: percent < 9.95 ? 1 : 0 })} %`;
}
