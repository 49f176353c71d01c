import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { describeOperation } from './operation-selectors.ts';
import { appendOutput, noOutput, textOfOutput } from './output-lines.ts';

/** What an operation printed and prints. It follows the end until one scrolls away from it. */
export function OperationOutput({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('operations');
  const { output, error } = useOutput(operation.id);
  const text = textOfOutput(output);
  const [isFollowing, setIsFollowing] = useState(true);
  const screen = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    if (isFollowing && screen.current) screen.current.scrollTop = screen.current.scrollHeight;
  }, [text, isFollowing]);
  return (
    <div className="output">
      <pre
        ref={screen}
        className="output-screen"
        role="log"
        aria-label={t('outputOf', { task: describeOperation(operation) })}
        // What builds print is too much to be read aloud as it comes.
        aria-live="off"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          setIsFollowing(scrollHeight - scrollTop - clientHeight < 24);
        }}
      >
        {text === '' ? t('noOutput') : text}
      </pre>
      <div className="output-bar">
        {operation.state === 'running' && (
          <CheckField label={t('follow')} isChecked={isFollowing} onChange={setIsFollowing} />
        )}
        <CopyButton text={() => text} label={t('copyOutput')} />
      </div>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
    </div>
  );
}

/** The lines of an operation; drawn once a frame, however fast they come. */
function useOutput(id: string) {
  const { connection } = useBridge();
  const [output, setOutput] = useState(noOutput);
  const [error, setError] = useState<ErrorData>();
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected) return;
    const listening = new AbortController();
    const { signal } = listening;
    let waiting = '';
    let frame: number | undefined;
    const draw = () => {
      frame = undefined;
      const chunk = waiting;
      waiting = '';
      setOutput((before) => appendOutput(before, chunk));
    };
    const follow = async () => {
      try {
        for await (const chunk of await connection.client.operations.output({ id }, { signal })) {
          waiting += chunk;
          frame ??= requestAnimationFrame(draw);
        }
      } catch (thrown) {
        if (!signal.aborted) setError(toErrorData(thrown));
      }
    };
    void follow();
    return () => {
      listening.abort();
      if (frame !== undefined) cancelAnimationFrame(frame);
      setOutput(noOutput);
      setError(undefined);
    };
  }, [connection, id, isConnected]);
  return { output, error };
}
