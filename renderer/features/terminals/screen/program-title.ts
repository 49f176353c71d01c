/** Longest title that is shown; the rest is cut off. */
const maxTitleLength = 80;

/**
 * A title as a program has set it, without what could pass itself off as something else: control
 * characters, and those that turn the direction of writing. Undefined where nothing is left. Pure.
 */
export function cleanTitle(title: string): string | undefined {
  const clean = title
    .slice(0, 4 * maxTitleLength)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const short = Array.from(clean).slice(0, maxTitleLength).join('');
  return short === '' ? undefined : short;
}
