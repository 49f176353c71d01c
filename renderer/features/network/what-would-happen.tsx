import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseDestination } from '../../../main/contract/config/destination.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { NetworkAnswer, NetworkQuestion } from '../../../main/contract/network.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { inLanguage, translate } from '../../words/language.ts';
import { VerdictMark } from './verdict-mark.tsx';
import './network-view.css';

const typingPauseMs = 300;

const protocols = [
  { value: 'tcp', label: 'TCP' },
  { value: 'udp', label: 'UDP' },
  { value: 'icmp', label: 'ICMP' },
] as const;

interface Outcome {
  readonly key: string;
  readonly answer?: NetworkAnswer;
  readonly error?: ErrorData;
}

/** A destination that is asked about a moment after it was typed; nothing is sent to it. */
export function WhatWouldHappen(props: {
  readonly ask: (question: NetworkQuestion, signal: AbortSignal) => Promise<NetworkAnswer>;
  /** What the answer depends on besides the question. */
  readonly policyKey: string;
}) {
  const { t } = useTranslation('network');
  const { ask, policyKey } = props;
  const titleId = useId();
  const [destination, setDestination] = useState('');
  const [protocol, setProtocol] = useState<(typeof protocols)[number]['value']>('tcp');
  const [outcome, setOutcome] = useState<Outcome>();
  const typed = destination.trim();
  const problem = typed === '' ? undefined : problemOf(typed);
  const key = JSON.stringify([typed, protocol, policyKey]);
  const isAskable = typed !== '' && problem === undefined;
  useEffect(() => {
    if (!isAskable) return;
    const asking = new AbortController();
    const { signal } = asking;
    const timer = setTimeout(() => {
      ask({ destination: typed, protocol }, signal).then(
        (answer) => {
          if (!signal.aborted) setOutcome({ key, answer });
        },
        (thrown: unknown) => {
          if (!signal.aborted) setOutcome({ key, error: toErrorData(thrown) });
        },
      );
    }, typingPauseMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `ask` may be new each time; what it asks is in the key
  }, [key, isAskable]);
  const shown = isAskable && outcome?.key === key ? outcome : undefined;
  return (
    <section
      className="section"
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        // The question asks itself; Enter must not send a form that it stands in.
        if (event.key === 'Enter') event.preventDefault();
      }}
    >
      <h2 id={titleId}>{t('question.title')}</h2>
      <div className="network-question">
        <TextField
          label={t('question.destination')}
          value={destination}
          mono
          placeholder="example.org:443"
          onChange={setDestination}
          error={problem}
          help={t('question.destinationHelp')}
        />
        <SelectField
          label={t('question.protocol')}
          value={protocol}
          options={protocols}
          onChange={setProtocol}
        />
      </div>
      <div aria-live="polite">
        {isAskable && shown === undefined && <p className="quiet">{t('question.asking')}</p>}
        {shown?.answer !== undefined && <Answer answer={shown.answer} />}
      </div>
      {shown?.error !== undefined && <ErrorNotice {...describeError(shown.error)} />}
    </section>
  );
}

function Answer({ answer }: { readonly answer: NetworkAnswer }) {
  const { t } = useTranslation('network');
  return (
    <div className="network-answer">
      <p>
        <VerdictMark verdict={answer.verdict} /> {answer.summary}
      </p>
      <ol className="network-rows" aria-label={t('question.steps')}>
        {answer.steps.map(({ what, verdict, rule, reason }, index) => (
          <li key={`${String(index)} ${what}`} className="network-row">
            <VerdictMark verdict={verdict} />
            <span className="network-row-main">
              <span className="mono">{what}</span>
              <span className="quiet">
                <span className="mono">{rule}</span> · {reason}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Only one destination can be asked about, not a whole kind of them. */
function problemOf(text: string): string | undefined {
  const reading = parseDestination(text);
  if (!reading.ok) return inLanguage(reading.problem);
  const { kind } = reading.destination;
  return kind === 'domain' || kind === 'address'
    ? undefined
    : translate('network:question.oneOnly');
}
