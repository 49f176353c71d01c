import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import type { ConfigRemark } from '../../../main/contract/config/config-report.ts';
import { formatConfigYaml } from '../../../main/contract/config/config-text.ts';
import type { SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { formatMiB, plural } from '../../ui/format.ts';
import { describeNetwork } from '../../words/network-words.ts';

/** What will be made, in words, as a command line and as YAML; and the button that makes it. */
export function CreateSummary(props: {
  /** Undefined while a field is wrong. */
  readonly config: SandboxConfig | undefined;
  /** What the host has to say of it. */
  readonly notes: readonly ConfigRemark[];
  readonly problems: readonly ConfigRemark[];
  readonly submitLabel: string;
  readonly isSubmitting: boolean;
  readonly children: ReactNode;
}) {
  const { config, notes, problems, isSubmitting } = props;
  return (
    <section className="create-summary card" aria-labelledby="create-summary-title">
      <h2 id="create-summary-title">Summary</h2>
      {config !== undefined && (
        <>
          <Words config={config} />
          <details>
            <summary>Command line</summary>
            <CopyBlock text={formatCommandLine(config)} what="command line" />
          </details>
          <details>
            <summary>YAML</summary>
            <CopyBlock text={formatConfigYaml(config)} what="YAML" />
          </details>
        </>
      )}
      {problems.length > 0 && (
        <p className="quiet">
          {problems.length === 1 ? 'Correct the field' : 'Correct the fields'} that{' '}
          {problems.length === 1 ? 'is' : 'are'} marked.
        </p>
      )}
      {notes.map(({ path, message }) => (
        <p key={`${path} ${message}`} className="quiet">
          {message}
        </p>
      ))}
      {props.children}
      <Button type="submit" variant="primary" icon={Plus} disabled={isSubmitting}>
        {props.submitLabel}
      </Button>
    </section>
  );
}

function Words({ config }: { readonly config: SandboxConfig }) {
  const counts = [
    [Object.keys(config.volumes).length, 'volume'],
    [Object.keys(config.scripts).length, 'script'],
    [config.patches.length, 'patch', 'patches'],
    [Object.keys(config.env).length, 'variable'],
  ] as const;
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) =>
      many !== undefined && count !== 1 ? `${String(count)} ${many}` : plural(count, one),
    );
  return (
    <div>
      <p className="create-summary-name mono">{config.name}</p>
      <p className="mono create-summary-image">{config.image}</p>
      <p>
        {plural(config.cpus, 'CPU')} · {formatMiB(config.memoryMiB)} ·{' '}
        {formatMiB(config.rootDiskMiB)} disk
      </p>
      {parts.length > 0 && <p>{parts.join(', ')}</p>}
      <p>{describeNetwork(config.network)}</p>
    </div>
  );
}
