/** Which lines are asked for. Pure. */
import type { z } from 'zod';
import type { logInputs, LogLine } from '../../../contract/logs.ts';

/** See `logs` of the contract; without a field every line has it. */
export type LogFilter = Pick<
  z.output<typeof logInputs.follow>,
  'sources' | 'commandId' | 'stream' | 'search' | 'fromMs' | 'toMs'
>;

/** What says of a line whether it is among those that are asked for. */
export function logFilter(filter: LogFilter): (line: LogLine) => boolean {
  const { sources, commandId, stream, fromMs, toMs } = filter;
  const search = searchable(filter.search ?? '');
  return (line) =>
    (sources === undefined || sources.includes(line.source)) &&
    (commandId === undefined || line.commandId === commandId) &&
    (stream === undefined || line.stream === stream) &&
    (fromMs === undefined || line.atMs >= fromMs) &&
    (toMs === undefined || line.atMs <= toMs) &&
    (search === '' || searchable(line.text).includes(search));
}

/** Whatever the case, and whatever colours stand between. */
function searchable(text: string): string {
  // eslint-disable-next-line no-control-regex -- the beginning of a colour
  return text.replace(/\u001b\[[0-9;:]*m/g, '').toLowerCase();
}
