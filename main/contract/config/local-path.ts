/** Paths on the host, as people write them: told from other words by how they begin. */
import { z } from 'zod';

const localPathPattern = /^(?:\/|\.{1,2}(?:\/|$)|~(?:\/|$))/;

/** Whether a text means a path of the host: it begins with `/`, `./`, `../` or `~/`, or is `.`, `..` or `~`. */
export function isLocalPath(text: string): boolean {
  return localPathPattern.test(text);
}

/**
 * A path on the host. A relative one means something only beside the file or in the directory it
 * was written in: who reads it there makes it absolute. `~` is the home of whoever runs Skerry.
 */
export const localPathSchema = z
  .string()
  .superRefine((path, context) => {
    const message = problemOfLocalPath(path);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ pattern: localPathPattern.source });

function problemOfLocalPath(path: string): string | undefined {
  if (path === '') return 'A path is needed.';
  if (path.length > 4096) return 'A path has at most 4096 characters.';
  if (path.includes('\0')) return 'A path has no NUL character.';
  if (isLocalPath(path)) return undefined;
  return `"${path}" is no path: begin it with "/", "./", "../" or "~/".`;
}
