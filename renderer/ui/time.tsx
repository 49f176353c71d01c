import { useEffect, useState } from 'react';
import { CopyIconButton } from './copy.tsx';
import { formatAgo, formatExactTime } from './format.ts';

/** The present, every so often; it stands still with an interval of undefined. */
export function useNow(intervalMs: number | undefined): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    if (intervalMs === undefined) return;
    const timer = setInterval(() => {
      setNowMs(Date.now());
    }, intervalMs);
    return () => {
      clearInterval(timer);
    };
  }, [intervalMs]);
  return nowMs;
}

/** How long ago something was, with the exact time on hover. */
export function Ago(props: { readonly atMs: number }) {
  const nowMs = useNow(30_000);
  return (
    <time dateTime={new Date(props.atMs).toISOString()} title={formatExactTime(props.atMs)}>
      {formatAgo(props.atMs, nowMs)}
    </time>
  );
}

/** The same with a button that copies the exact time, as ISO 8601; `what` names it. */
export function CopyableTime(props: { readonly atMs: number; readonly what: string }) {
  return (
    <span className="copyable">
      <Ago atMs={props.atMs} />
      <CopyIconButton text={new Date(props.atMs).toISOString()} what={props.what} />
    </span>
  );
}
