/** `skerry logs` */
import { logSourceSchema, maxLogLines, type LogLine, type LogSource } from '../../contract/logs.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { followStream } from '../follow-stream.ts';
import { printable } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print } from '../output.ts';

/** Options of `logs`. */
export interface LogOptions extends JsonOption {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: number;
  readonly until?: number;
  readonly source?: readonly string[];
  readonly command?: string;
  readonly search?: string;
  readonly timestamps?: boolean;
}

type Filter = Omit<Parameters<HostClient['procedures']['logs']['read']>[0], 'limit'>;

/** `skerry logs`: all that is kept, unless the latest are asked for. */
export function showLogs(name: string, options: LogOptions): Promise<number> {
  const { follow, tail, since, until, source, command, search, json } = options;
  const sources = source?.map(parseSource);
  const filter: Filter = {
    name,
    ...(sources === undefined ? {} : { sources }),
    ...(command === undefined ? {} : { commandId: command }),
    ...(search === undefined ? {} : { search }),
    ...(since === undefined ? {} : { fromMs: since }),
    ...(until === undefined ? {} : { toMs: until }),
  };
  const isOneSource = sources?.length === 1 && sources[0] !== 'command';
  const write = (lines: readonly LogLine[]): Promise<void> =>
    print(
      lines
        .map((line) =>
          json === true
            ? `${JSON.stringify(line)}\n`
            : logLine(line, {
                isSourceShown: !isOneSource,
                isTimeShown: options.timestamps === true,
              }),
        )
        .join(''),
    );
  return withHost(async (host) => {
    if (follow !== true) {
      for (const lines of await latestPages(host, filter, tail ?? Infinity)) await write(lines);
      return 0;
    }
    const count = Math.min(tail ?? 200, maxLogLines);
    await followStream(
      (options) => host.procedures.logs.follow({ ...filter, tail: count }, options),
      async (event) => {
        if ('lines' in event) await write(event.lines);
        // What has been printed cannot be taken back; that it is kept no more can be said.
        if (event.type === 'cleared')
          process.stderr.write(`skerry: The log of ${name} was cleared.\n`);
        return 'go on';
      },
    );
    return 0;
  });
}

/** In their order, page by page. */
async function latestPages(
  { procedures }: HostClient,
  filter: Filter,
  count: number,
): Promise<LogLine[][]> {
  const pages: LogLine[][] = [];
  let left = count;
  let before: { beforeSequence?: number } = {};
  while (left > 0) {
    const limit = Math.min(left, maxLogLines);
    const { lines, hasEarlier } = await procedures.logs.read({ ...filter, ...before, limit });
    pages.unshift(lines);
    left -= lines.length;
    const first = lines[0]?.sequence;
    if (!hasEarlier || first === undefined) break;
    before = { beforeSequence: first };
  }
  return pages;
}

function parseSource(text: string): LogSource {
  const { data } = logSourceSchema.safeParse(text);
  if (data !== undefined) return data;
  throw new UsageError(`A source is console, agent or command, not "${text}".`);
}

/** `2026-01-02T03:04:05.000Z  stderr   text`, in the colours that it has where they can be seen. */
function logLine(
  { atMs, source, stream, text }: LogLine,
  how: { readonly isSourceShown: boolean; readonly isTimeShown: boolean },
): string {
  const time = how.isTimeShown ? `${new Date(atMs).toISOString()}  ` : '';
  const from = how.isSourceShown ? `${(stream ?? source).padEnd(7)}  ` : '';
  return `${time}${from}${process.stdout.isTTY ? coloured(text) : plain(text)}\n`;
}

// eslint-disable-next-line no-control-regex -- ECMA-48, 8.3.117: what sets colours
const sgr = /(\u001b\[[0-9;:]*m)/;

function plain(text: string): string {
  return text
    .split(sgr)
    .filter((_, index) => index % 2 === 0)
    .map(printable)
    .join('');
}

/** No line colours the next one. */
function coloured(text: string): string {
  const parts = text.split(sgr);
  if (parts.length === 1) return printable(text);
  return `${parts.map((part, index) => (index % 2 === 0 ? printable(part) : part)).join('')}\u001b[0m`;
}
