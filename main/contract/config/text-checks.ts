/** What holds for a configuration as a whole, so that it survives every way it goes. */
import { z } from 'zod';

/** Longest configuration as JSON, in bytes of UTF-8; it has to fit into one request. */
const maxConfigBytes = 3 * 1024 * 1024;

/** Its size, and that its text is Unicode, which is what files and requests carry. */
export const checkTexts = z.superRefine<object>((config, context) => {
  const brokenText = findBrokenText(config, []);
  if (brokenText !== undefined) {
    const message = 'This text has half of a character (a lone surrogate) in it.';
    context.addIssue({ code: 'custom', path: brokenText, message });
  }
  const json = JSON.stringify(config);
  if (json.length * 3 <= maxConfigBytes) return;
  if (new TextEncoder().encode(json).length > maxConfigBytes) {
    const limit = String(maxConfigBytes);
    const message = `A configuration has at most ${limit} bytes; copy large files with a patch of the kind "file".`;
    context.addIssue({ code: 'custom', message });
  }
});

function findBrokenText(value: unknown, path: readonly string[]): string[] | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : [...path];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = key.isWellFormed() ? findBrokenText(child, [...path, key]) : [...path, key];
    if (found !== undefined) return found;
  }
  return undefined;
}
