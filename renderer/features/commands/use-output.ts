import { useEffect, useState } from 'react';
import type { CommandOutput } from '../../../main/contract/commands.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { nextFrame } from '../../ui/next-frame.ts';
import { appendOutput, noOutput, type Output } from './output-lines.ts';

/** What a run has printed and prints; drawn once a frame, however fast it comes. */
export function useOutput(
  name: string,
  id: string,
): { readonly output: Output; readonly error: ErrorData | undefined } {
  const { connection } = useBridge();
  const isConnected = useIsConnected();
  const [output, setOutput] = useState(noOutput);
  const [error, setError] = useState<ErrorData>();
  useEffect(() => {
    if (!isConnected) return;
    const listening = new AbortController();
    const { signal } = listening;
    let waiting: CommandOutput[] = [];
    const draw = () => {
      const pieces = waiting;
      waiting = [];
      if (!signal.aborted) setOutput((before) => appendOutput(before, pieces));
    };
    const follow = async () => {
      try {
        for await (const piece of await connection.client.commands.output(
          { name, id },
          { signal },
        )) {
          if (waiting.push(piece) === 1) nextFrame(draw);
        }
      } catch (thrown) {
        if (!signal.aborted) setError(toErrorData(thrown));
      }
    };
    void follow();
    return () => {
      listening.abort();
      setOutput(noOutput);
      setError(undefined);
    };
  }, [connection, id, isConnected, name]);
  return { output, error };
}
