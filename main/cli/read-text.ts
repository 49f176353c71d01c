import { createReadStream } from 'node:fs';
import path from 'node:path';
import { maxFileCharacters } from '../contract/config/yaml-fields.ts';
import { clientError } from '../server/client/client-error.ts';

/** The file that means stdin. */
const stdinName = '-';

/** The name of a file for a person. */
export function nameOfFile(file: string): string {
  return file === stdinName ? 'stdin' : file;
}

/** The directory that relative paths of a file mean; of stdin it is the working directory. */
export function directoryOfFile(file: string): string {
  return file === stdinName ? process.cwd() : path.dirname(path.resolve(file));
}

/** The text of a file, or of stdin for `-`. @throws ClientError `config/unreadable` */
export async function readText(file: string): Promise<string> {
  const name = nameOfFile(file);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    const stream: AsyncIterable<Buffer> =
      file === stdinName ? process.stdin : createReadStream(file);
    for await (const part of stream) {
      length += part.length;
      if (length > maxFileCharacters) {
        throw clientError(
          'config/unreadable',
          `${name} has more than ${String(maxFileCharacters)} bytes.`,
        );
      }
      parts.push(part);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw clientError('config/unreadable', `${name} cannot be read: ${reasonOf(error)}.`, error);
  }
}

function reasonOf(error: Error & { code: unknown }): string {
  switch (error.code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'this user may not';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not UTF-8 text';
    default:
      return error.message;
  }
}
