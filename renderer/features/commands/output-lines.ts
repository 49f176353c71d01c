/** What a command has printed, as lines of two streams in the order in which they came. Pure. */
import type { CommandOutput } from '../../../main/contract/commands.ts';
import { maxLogLineLength } from '../../../main/contract/logs.ts';
import { cleanLine } from '../../ui/clean-line.ts';
import { stripSgr } from '../../ui/sgr.ts';

/** Lines that are held; the oldest make way. */
export const maxOutputLines = 20_000;

type Stream = CommandOutput['stream'];

/** One line. */
export interface OutputLine {
  /** Its own for as long as it is there. */
  readonly key: number;
  readonly stream: Stream;
  readonly text: string;
}

/** A line that has no end yet, as it came. */
interface OpenLine {
  readonly key: number;
  readonly raw: string;
}

/** What was printed so far. */
export interface Output {
  /** Those that have an end. */
  readonly lines: readonly OutputLine[];
  readonly open: Readonly<Partial<Record<Stream, OpenLine>>>;
  readonly nextKey: number;
  /** Lines have made way. */
  readonly isCut: boolean;
}

/** Nothing yet. */
export const noOutput: Output = { lines: [], open: {}, nextKey: 1, isCut: false };

/** The output with more of it; a piece may begin and end anywhere. */
export function appendOutput(output: Output, pieces: readonly CommandOutput[]): Output {
  const lines = [...output.lines];
  const open: Partial<Record<Stream, OpenLine>> = { ...output.open };
  let { nextKey } = output;
  for (const { stream, text } of pieces) {
    const parts = `${open[stream]?.raw ?? ''}${text}`.split('\n');
    let key = open[stream]?.key;
    for (const [index, part] of parts.entries()) {
      const isOpen = index === parts.length - 1;
      if (isOpen && part === '') {
        Reflect.deleteProperty(open, stream);
        break;
      }
      key ??= nextKey++;
      // One that goes on for ever ends somewhere, so that it can be held.
      if (isOpen && part.length <= maxLogLineLength) {
        open[stream] = { key, raw: part };
      } else {
        lines.push({ key, stream, text: cleanLine(part) });
        key = undefined;
        if (isOpen) Reflect.deleteProperty(open, stream);
      }
    }
  }
  const isCut = output.isCut || lines.length > maxOutputLines;
  return { lines: lines.slice(-maxOutputLines), open, nextKey, isCut };
}

/** The lines with those that have no end yet after them. */
export function shownLines({ lines, open }: Output): readonly OutputLine[] {
  const unfinished = (['stdout', 'stderr'] as const).flatMap((stream) => {
    const line = open[stream];
    return line === undefined ? [] : [{ key: line.key, stream, text: cleanLine(line.raw) }];
  });
  return unfinished.length === 0
    ? lines
    : [...lines, ...unfinished.toSorted((one, other) => one.key - other.key)];
}

/** All of it without colours, for the clipboard. */
export function textOfOutput(output: Output): string {
  return shownLines(output)
    .map(({ text }) => `${stripSgr(text)}\n`)
    .join('');
}
