import type { LogLine } from '../../../main/contract/logs.ts';
import { maxLogLines } from '../../../main/contract/logs.ts';
import type { LogQuestion } from './log-filter.ts';
import type { LogClient } from './log-store.ts';
import { formatLog } from './log-text.ts';

/**
 * The whole log as text, as far as the question goes: page by page, from its end.
 * @param onProgress with the lines that are there
 * @throws the host's errors, and what the signal was aborted with
 */
export async function collectLog(
  logs: Pick<LogClient, 'read'>,
  question: LogQuestion,
  signal: AbortSignal,
  onProgress: (lineCount: number) => void,
): Promise<string> {
  const pages: string[] = [];
  let count = 0;
  let before: Pick<LogLine, 'sequence'> | undefined;
  for (;;) {
    signal.throwIfAborted();
    const from = before === undefined ? {} : { beforeSequence: before.sequence };
    const page = await logs.read({ ...question, ...from, limit: maxLogLines }, { signal });
    pages.unshift(formatLog(page.lines));
    count += page.lines.length;
    onProgress(count);
    before = page.lines[0];
    if (!page.hasEarlier || before === undefined) return pages.join('');
  }
}
