/** A line of a log in its file: JSON, one a line. */
import { logSourceSchema, type LogLine } from '../../../contract/logs.ts';

/** A line as it is kept. */
export interface StoredLine extends LogLine {
  /** The next line of the same stream goes on where this one was cut. */
  readonly isOpen?: true | undefined;
}

const sources: ReadonlySet<unknown> = new Set(logSourceSchema.options);
const streams: ReadonlySet<unknown> = new Set(['stdout', 'stderr']);

/** With its line break. */
export function writeStoredLine(line: StoredLine): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * Undefined for what is no line: one that was cut off, or what was never one. Looked at by hand: a
 * search goes through a hundred thousand of them.
 */
export function readStoredLine(text: string): StoredLine | undefined {
  if (!text.startsWith('{"sequence":') || !text.endsWith('}')) return undefined;
  try {
    const line = JSON.parse(text) as Partial<StoredLine>;
    return isStoredLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isStoredLine(line: Partial<StoredLine>): line is StoredLine {
  const { sequence, atMs, source, text, stream, commandId, isOpen } = line;
  return (
    typeof sequence === 'number' &&
    typeof atMs === 'number' &&
    typeof text === 'string' &&
    sources.has(source) &&
    (stream === undefined || streams.has(stream)) &&
    (commandId === undefined || typeof commandId === 'string') &&
    (isOpen === undefined || isOpen)
  );
}

/** As clients see it. */
export function toLogLine({ isOpen: _isOpen, ...line }: StoredLine): LogLine {
  return line;
}
