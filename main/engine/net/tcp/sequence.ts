/** Sequence numbers of TCP, which wrap at 2^32. RFC 9293, section 3.4. Pure. */

/** The number that comes `count` after another. */
export function advance(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}

/** How far `to` is ahead of `from`; negative where it is behind. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/** Whether `a` comes before `b`. */
export function isBefore(a: number, b: number): boolean {
  return distance(a, b) > 0;
}
