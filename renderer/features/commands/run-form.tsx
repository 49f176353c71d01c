import { Play, ScrollText, StepForward } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { commandInputs } from '../../../main/contract/commands.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { parseEnvFile } from '../../ui/parse-env-file.ts';
import { beforeHistory, stepHistory } from './command-history.ts';

type RunRequest = z.input<typeof commandInputs.run>;

/** A line for the shell, or one of the scripts; with where, as whom and with what if wanted. */
export function RunForm(props: {
  readonly sandbox: Sandbox;
  /** Lines of before, the latest first. */
  readonly history: readonly string[];
  readonly isBusy: boolean;
  readonly onRun: (request: RunRequest) => Promise<boolean>;
  /** Has it go on where it is paused or suspended. */
  readonly onResume: () => void;
}) {
  const { sandbox, history, isBusy, onRun, onResume } = props;
  const { name, config, state } = sandbox;
  const { t } = useTranslation('commands');
  const [line, setLine] = useState('');
  const [place, setPlace] = useState(beforeHistory);
  const [workdir, setWorkdir] = useState('');
  const [user, setUser] = useState('');
  const [envText, setEnvText] = useState('');
  const env = parseEnvFile(envText);
  const isRunning = state === 'running';
  const canRun = isRunning && !isBusy && env.ok;
  const run = (what: Pick<RunRequest, 'line' | 'script'>) => {
    const variables = env.ok ? env.rows : [];
    return onRun({
      ...{ name, ...what },
      ...(workdir === '' ? {} : { workdir }),
      ...(user === '' ? {} : { user }),
      ...(variables.length === 0
        ? {}
        : { env: Object.fromEntries(variables.map((one) => [one.name, one.value])) }),
    });
  };
  return (
    <form
      className="run-form"
      aria-label={t('run')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!canRun || line.trim() === '') return;
        void run({ line }).then((isStarted) => {
          if (!isStarted) return;
          setLine('');
          setPlace(beforeHistory);
        });
      }}
    >
      <div
        className="run-line"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          const step = stepHistory(history, place, event.key === 'ArrowUp' ? 1 : -1, line);
          if (step === undefined) return;
          event.preventDefault();
          setPlace(step.place);
          setLine(step.text);
        }}
      >
        <TextField
          label={t('line', { name })}
          isLabelHidden
          mono
          value={line}
          placeholder={t('lineHint', { shell: config.shell })}
          onChange={(text) => {
            setLine(text);
            setPlace(beforeHistory);
          }}
        />
        <Button
          type="submit"
          variant="primary"
          icon={Play}
          disabled={!canRun || line.trim() === ''}
        >
          {t('run')}
        </Button>
      </div>
      {!isRunning && (
        <p className="quiet run-not-running">
          {state === 'paused' || state === 'suspended' ? (
            <>
              {t(`standsStill.${state}`)}
              <Button icon={StepForward} onClick={onResume}>
                {t('resume')}
              </Button>
            </>
          ) : (
            t('notRunning')
          )}
        </p>
      )}
      <div className="run-more">
        <Scripts
          names={Object.keys(config.scripts)}
          isDisabled={!canRun}
          onRun={(script) => void run({ script })}
        />
        <details className="run-options">
          <summary>{t('options')}</summary>
          <div className="run-options-fields">
            <TextField
              label={t('workdir')}
              mono
              value={workdir}
              placeholder={config.workdir ?? ''}
              onChange={setWorkdir}
            />
            <TextField
              label={t('user')}
              mono
              value={user}
              placeholder={config.user ?? ''}
              onChange={setUser}
            />
            <TextField
              label={t('env')}
              mono
              multiline
              value={envText}
              help={t('envHelp')}
              error={env.ok ? undefined : env.problem}
              onChange={setEnvText}
            />
          </div>
        </details>
      </div>
    </form>
  );
}

function Scripts(props: {
  readonly names: readonly string[];
  readonly isDisabled: boolean;
  readonly onRun: (script: string) => void;
}) {
  const { t } = useTranslation('commands');
  if (props.names.length === 0) return null;
  return (
    <div className="run-scripts" role="group" aria-label={t('scripts')}>
      <span className="quiet" aria-hidden>
        {t('scripts')}
      </span>
      {props.names.map((script) => (
        <Button
          key={script}
          icon={ScrollText}
          aria-label={t('runScript', { script })}
          disabled={props.isDisabled}
          onClick={() => {
            props.onRun(script);
          }}
        >
          {script}
        </Button>
      ))}
    </div>
  );
}
