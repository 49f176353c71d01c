import { ArrowDownToLine, CircleStop, OctagonX, RotateCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandRun } from '../../../main/contract/commands.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton, CopyIconButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { LineList } from '../../ui/line-list.tsx';
import { SgrText } from '../../ui/sgr-text.tsx';
import { shownLines, textOfOutput, type OutputLine } from './output-lines.ts';
import { RunMark, Took } from './run-list.tsx';
import { describeEnd, lineOf } from './run-words.ts';
import { useOutput } from './use-output.ts';

const signals = { stop: 15, kill: 9 } as const;

/** One run: how it goes or went, what can be done about it, and what it prints. */
export function RunOutput(props: {
  readonly name: string;
  readonly run: CommandRun;
  readonly canRun: boolean;
  readonly onSignal: (signal: number) => void;
  readonly onAgain: () => void;
  readonly onRemove: () => void;
}) {
  const { name, run, canRun, onSignal, onAgain, onRemove } = props;
  const { t } = useTranslation('commands');
  const { output, error } = useOutput(name, run.id);
  const [isFollowing, setIsFollowing] = useState(true);
  const lines = shownLines(output);
  const isRunning = run.endedAtMs === undefined;
  const line = lineOf(run);
  return (
    <section className="run-output" aria-label={t('ofRun', { line })}>
      <div className="run-head">
        <RunMark run={run} />
        <span className="run-head-line">
          <span className="mono">{line}</span>
          <CopyIconButton text={line} what={t('copyCommand')} />
        </span>
        <span className="quiet" role="status">
          {describeEnd(run)}
        </span>
        <span className="quiet">
          <Took run={run} />
        </span>
      </div>
      <div className="run-actions">
        {isRunning ? (
          <>
            <Button
              icon={CircleStop}
              title={t('stopHint')}
              onClick={() => {
                onSignal(signals.stop);
              }}
            >
              {t('stop')}
            </Button>
            <Button
              icon={OctagonX}
              title={t('killHint')}
              onClick={() => {
                onSignal(signals.kill);
              }}
            >
              {t('kill')}
            </Button>
          </>
        ) : (
          <Button icon={RotateCw} disabled={!canRun} onClick={onAgain}>
            {t('again')}
          </Button>
        )}
        <CopyButton text={() => textOfOutput(output)} label={t('copyOutput')} />
        {!isRunning && <IconButton icon={Trash2} label={t('remove')} onClick={onRemove} />}
      </div>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {output.isCut && <p className="quiet">{t('isCut')}</p>}
      {lines.length === 0 ? (
        <p className="quiet">{isRunning ? t('noOutputYet') : t('noOutput')}</p>
      ) : (
        <div className="run-screen">
          <LineList
            label={t('output', { line })}
            lines={lines}
            keyOf={keyOf}
            renderLine={renderLine}
            isWrapped
            isFollowing={isFollowing}
            onFollowingChange={setIsFollowing}
            isReadAloud={isRunning && isFollowing}
          />
          {!isFollowing && isRunning && (
            <Button
              className="run-latest"
              icon={ArrowDownToLine}
              onClick={() => {
                setIsFollowing(true);
              }}
            >
              {t('latest')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function keyOf({ key }: OutputLine): number {
  return key;
}

function renderLine({ stream, text }: OutputLine) {
  return (
    <div className={`run-output-line run-output-${stream}`}>
      <span className="run-stream">{stream === 'stderr' ? 'stderr' : ''}</span>
      <span>
        <SgrText text={text} />
      </span>
    </div>
  );
}
