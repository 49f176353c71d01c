/** A line of a log in its file: JSON, one a line. */
import { z } from 'zod';
import { logLineSchema, type LogLine } from '../../../contract/logs.ts';

/** A line as it is kept. */
export interface StoredLine extends LogLine {
  /** The next line of the same stream goes on where this one was cut. */
  readonly isOpen?: true | undefined;
}

const storedLineSchema = logLineSchema.extend({ isOpen: z.literal(true).optional() });

/** With its line break. */
export function writeStoredLine(line: StoredLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** Undefined for what is no line: one that was cut off, or what was never one. */
export function readStoredLine(text: string): StoredLine | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return storedLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** As clients see it. */
export function toLogLine({ isOpen: _isOpen, ...line }: StoredLine): LogLine {
  return line;
}
