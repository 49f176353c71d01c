import { CircleCheck, TriangleAlert } from 'lucide-react';
import type { Finding } from '../../../main/contract/image-upkeep.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { Copyable } from '../../ui/copy.tsx';
import { plural } from '../../ui/format.ts';
import { Facts } from '../../ui/page.tsx';

/** What an operation brought: images, a file, or what a check found. */
export function TaskOutcome({ operation }: { readonly operation: Operation }) {
  const { outcome, kind } = operation;
  if (outcome === undefined) return null;
  const { references = [], digest, path, looked, findings } = outcome;
  const facts = [
    ...references
      // The title says it where it is the one that was asked for.
      .filter((reference) => reference !== operation.subject || references.length > 1)
      .map((reference) => ({
        label: kind === 'push' ? 'Sent' : 'Image',
        value: <Copyable value={reference} what="reference" />,
      })),
    ...(digest === undefined
      ? []
      : [{ label: 'Digest', value: <Copyable value={digest} what="digest" /> }]),
    ...(path === undefined
      ? []
      : [{ label: 'File', value: <Copyable value={path} what="path of the file" /> }]),
  ];
  return (
    <>
      {facts.length > 0 && <Facts facts={facts} />}
      {looked !== undefined && <CheckOutcome looked={looked} findings={findings ?? []} />}
    </>
  );
}

function CheckOutcome(props: { readonly looked: string; readonly findings: readonly Finding[] }) {
  const { looked, findings } = props;
  const mended = findings.filter(({ isMended }) => isMended);
  const wrong = findings.length - mended.length;
  return (
    <>
      <p>
        {looked} {findings.length === 0 && 'Nothing is wrong.'}
        {mended.length > 0 && `${plural(mended.length, 'thing was', 'things were')} mended. `}
        {wrong > 0 && `${plural(wrong, 'thing is', 'things are')} wrong.`}
      </p>
      {findings.length > 0 && (
        <ul className="findings" aria-label="Findings">
          {findings.map((finding) => (
            <FindingRow key={`${finding.kind} ${finding.subject}`} finding={finding} />
          ))}
        </ul>
      )}
    </>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { kind, subject, problem, remedy, isMended } = finding;
  const Icon = isMended ? CircleCheck : TriangleAlert;
  return (
    <li className={isMended ? 'finding finding-mended' : 'finding'}>
      <Icon className="icon" aria-hidden />
      <div>
        <div className="finding-head">
          <strong>{isMended ? 'Mended' : 'Wrong'}</strong>
          <span className="quiet">{kind}</span>
          <Copyable
            value={subject}
            {...(subject.length > 60 ? { shown: `${subject.slice(0, 19)}…` } : {})}
            what={`name of the ${kind}`}
          />
        </div>
        <p>{problem}</p>
        <p className="quiet">→ {remedy}</p>
      </div>
    </li>
  );
}
