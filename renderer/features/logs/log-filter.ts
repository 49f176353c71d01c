/** Which lines of a log are wanted, as one chooses it and as the host is asked. Pure. */
import type { LogSource } from '../../../main/contract/logs.ts';

/** A time range by its name; `custom` has its ends in the fields. */
export type RangeChoice = 'all' | 'minutes' | 'hour' | 'start' | 'custom';

/** What is chosen. */
export interface LogFilter {
  readonly source: LogSource | 'all';
  readonly stream: 'all' | 'stdout' | 'stderr';
  readonly range: RangeChoice;
  /** As the fields of a custom range have them: local time without a zone; empty for open. */
  readonly from: string;
  readonly to: string;
  readonly search: string;
  /** Only lines that have what is searched for; all lines otherwise. */
  readonly isNarrowed: boolean;
}

/** All lines. */
export const wholeLog: LogFilter = {
  source: 'all',
  stream: 'all',
  range: 'all',
  from: '',
  to: '',
  search: '',
  isNarrowed: true,
};

/** The part of a question to the host that says which lines. */
export interface LogQuestion {
  readonly name: string;
  readonly sources?: LogSource[];
  readonly stream?: 'stdout' | 'stderr';
  readonly search?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** What the host is asked. @param nowMs when the range was chosen */
export function questionOf(
  name: string,
  filter: LogFilter,
  nowMs: number,
  startedAtMs: number | undefined,
): LogQuestion {
  const { source, stream, search, isNarrowed } = filter;
  const { fromMs, toMs } = endsOf(filter, nowMs, startedAtMs);
  return {
    name,
    ...(source === 'all' ? {} : { sources: [source] }),
    ...(stream === 'all' || source === 'console' || source === 'agent' ? {} : { stream }),
    ...(search !== '' && isNarrowed ? { search } : {}),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

function endsOf(
  { range, from, to }: LogFilter,
  nowMs: number,
  startedAtMs: number | undefined,
): { readonly fromMs?: number | undefined; readonly toMs?: number | undefined } {
  switch (range) {
    case 'all':
      return {};
    case 'minutes':
      return { fromMs: nowMs - 5 * 60_000 };
    case 'hour':
      return { fromMs: nowMs - 60 * 60_000 };
    case 'start':
      return { fromMs: startedAtMs };
    case 'custom':
      return { fromMs: localTime(from), toMs: localTime(to) };
  }
}

function localTime(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
