import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../main/contract/image-upkeep.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { Copyable } from '../../ui/copy.tsx';
import { Facts } from '../../ui/page.tsx';

/** What an operation brought: images, a file, or what a check found. */
export function TaskOutcome({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation('operations');
  const { outcome, kind } = operation;
  if (outcome === undefined) return null;
  const { references = [], digest, path, looked, findings } = outcome;
  const facts = [
    ...references
      // The title says it where it is the one that was asked for.
      .filter((reference) => reference !== operation.subject || references.length > 1)
      .map((reference) => ({
        label: kind === 'push' ? t('outcome.sent') : t('outcome.image'),
        value: <Copyable value={reference} what={t('outcome.what.reference')} />,
      })),
    ...(digest === undefined
      ? []
      : [
          {
            label: t('outcome.digest'),
            value: <Copyable value={digest} what={t('outcome.what.digest')} />,
          },
        ]),
    ...(path === undefined
      ? []
      : [
          {
            label: t('outcome.file'),
            value: <Copyable value={path} what={t('outcome.what.file')} />,
          },
        ]),
  ];
  return (
    <>
      {facts.length > 0 && <Facts facts={facts} />}
      {looked !== undefined && <CheckOutcome looked={looked} findings={findings ?? []} />}
    </>
  );
}

function CheckOutcome(props: { readonly looked: string; readonly findings: readonly Finding[] }) {
  const { t } = useTranslation('operations');
  const { looked, findings } = props;
  const mended = findings.filter(({ isMended }) => isMended);
  const wrong = findings.length - mended.length;
  return (
    <>
      <p>
        {looked} {findings.length === 0 && t('check.nothingWrong')}
        {mended.length > 0 && `${t('check.mended', { count: mended.length })} `}
        {wrong > 0 && t('check.wrong', { count: wrong })}
      </p>
      {findings.length > 0 && (
        <ul className="findings" aria-label={t('check.findings')}>
          {findings.map((finding) => (
            <FindingRow key={`${finding.kind} ${finding.subject}`} finding={finding} />
          ))}
        </ul>
      )}
    </>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation('operations');
  const { kind, subject, problem, remedy, isMended } = finding;
  const Icon = isMended ? CircleCheck : TriangleAlert;
  return (
    <li className={isMended ? 'finding finding-mended' : 'finding'}>
      <Icon className="icon" aria-hidden />
      <div>
        <div className="finding-head">
          <strong>{isMended ? t('check.isMended') : t('check.isWrong')}</strong>
          <span className="quiet">{kind}</span>
          <Copyable
            value={subject}
            {...(subject.length > 60 ? { shown: `${subject.slice(0, 19)}…` } : {})}
            what={t('check.nameOf', { kind })}
          />
        </div>
        <p>{problem}</p>
        <p className="quiet">→ {remedy}</p>
      </div>
    </li>
  );
}
