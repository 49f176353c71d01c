import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { systemErrorCode } from '../base/disk-error.ts';

/** Many times what any of them has. */
const maxFileBytes = 1024 * 1024;

/**
 * Reads a file with credentials; undefined where there is none. Nothing of what is in it gets into
 * a message. @throws AppError `credentials/unreadable`
 */
export async function readJsonFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of the parser quotes the text.
    throw unreadableFile(path, 'it is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw unreadableFile(path, `its field ${JSON.stringify(field)} has another form`);
}

/** `credentials/unreadable` of a file, with the reason in words. */
export function unreadableFile(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('credentials/unreadable', `${path} cannot be read: ${reason}.`, {
    hint: 'Mend the file that is named, or move it aside.',
    cause,
  });
}

async function readText(path: string): Promise<string | undefined> {
  try {
    // A pipe would keep us waiting for whoever writes it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) throw unreadableFile(path, 'it is not a file');
    const bytes = Buffer.alloc(maxFileBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
      if (length > maxFileBytes) throw unreadableFile(path, 'it is too large');
    }
    return bytes.toString('utf8', 0, length);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof AppError || code === undefined) throw error;
    const reason = code === 'EACCES' ? 'this user may not' : `the system says ${code}`;
    throw unreadableFile(path, reason, error);
  }
}
