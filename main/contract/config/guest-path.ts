/** Paths inside a sandbox. */
import { z } from 'zod';

const maxPathCharacters = 4096;

/**
 * The one spelling of a guest path: no doubled or trailing slashes. Text that is no absolute path
 * comes back as it is, for the schema to refuse.
 */
export function normalizeGuestPath(path: string): string {
  if (!path.startsWith('/')) return path;
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
}

/** What is wrong with a path in the sandbox, in one sentence; undefined where nothing is. */
function problemOfGuestPath(path: string): string | undefined {
  if (!path.startsWith('/')) return 'A path in the sandbox is absolute: it starts with "/".';
  if (path.length > maxPathCharacters) {
    return `A path has at most ${String(maxPathCharacters)} characters.`;
  }
  if (path.includes('\0')) return 'A path has no NUL character.';
  if (path.split('/').some((part) => part === '.' || part === '..')) {
    return 'A path in the sandbox has no "." and no ".." in it.';
  }
  return undefined;
}

/** An absolute path in the sandbox, `/` among them. */
export const guestPathSchema = z
  .string()
  .overwrite(normalizeGuestPath)
  .superRefine((path, context) => {
    const message = problemOfGuestPath(path);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ pattern: '^/' });

/** An absolute path in the sandbox that is not the root itself. */
export const guestPathBelowRootSchema = guestPathSchema.refine((path) => path !== '/', {
  message: '"/" is the root itself; name a path below it.',
  abort: true,
});
