/** Writes what happens as lines of JSON to standard error, where a terminal or a journal has it. */
import type { Logger } from '../engine/index.ts';

/** `debug` lines are written only while the app is developed. */
export function createStderrLogger(development: boolean): Logger {
  const write = (level: string, message: string, fields?: Readonly<Record<string, unknown>>) => {
    const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...fields });
    process.stderr.write(`${line}\n`);
  };
  return {
    debug: (message, fields) => {
      if (development) write('debug', message, fields);
    },
    info: (message, fields) => {
      write('info', message, fields);
    },
    warn: (message, fields) => {
      write('warn', message, fields);
    },
    error: (message, fields) => {
      write('error', message, fields);
    },
  };
}
