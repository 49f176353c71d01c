import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../engine/index.ts';

/** Size at which a log is set aside as `<file>.1`, the earlier one of which goes. */
const maxLogBytes = 4 * 1024 * 1024;

type Level = keyof Logger;

/**
 * Writes one line of JSON per message to a file that only the user may read. `debug` is kept only
 * where `isVerbose`. A full disk must not stop the work, so what cannot be written is lost.
 */
export function createFileLogger(file: string, isVerbose = false): Logger {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  let size = sizeOf(file);
  const write = (
    level: Level,
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ): void => {
    const line = `${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`;
    try {
      if (size > maxLogBytes) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      // There is nowhere left to say it.
    }
  };
  const at =
    (level: Level): Logger[Level] =>
    (message, fields) => {
      write(level, message, fields);
    };
  return {
    debug: isVerbose ? at('debug') : () => undefined,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
