import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SandboxConfig } from '../../../main/contract/sandbox-config.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { formatMiB, plural } from '../../ui/format.ts';
import { formatCommandLine, formatYaml } from './config-text.ts';
import type { CreateDraft } from './create-draft.ts';

/** What will be made, in words, as a command line and as YAML; and the button that makes it. */
export function CreateSummary(props: {
  readonly draft: CreateDraft;
  /** Undefined while a field is wrong. */
  readonly config: SandboxConfig | undefined;
  readonly isSubmitting: boolean;
  readonly children: ReactNode;
}) {
  const { draft, config, isSubmitting } = props;
  return (
    <section className="create-summary card" aria-labelledby="create-summary-title">
      <h2 id="create-summary-title">Summary</h2>
      <div>
        <p className="create-summary-name mono">{draft.name === '' ? '…' : draft.name}</p>
        <p className="mono">{draft.image === '' ? '…' : draft.image}</p>
        {config !== undefined && (
          <p>
            {plural(config.cpus, 'CPU')} · {formatMiB(config.memoryMiB)} ·{' '}
            {formatMiB(config.rootDiskMiB)} disk
          </p>
        )}
        <p className="quiet">no network</p>
      </div>
      {config === undefined ? (
        <p className="quiet">Correct the fields that are marked.</p>
      ) : (
        <>
          <details>
            <summary>Command line</summary>
            <CopyBlock text={formatCommandLine(config)} what="command line" />
          </details>
          <details>
            <summary>YAML</summary>
            <CopyBlock text={formatYaml(config)} what="YAML" />
          </details>
        </>
      )}
      {props.children}
      <Button type="submit" variant="primary" icon={Plus} disabled={isSubmitting}>
        {isSubmitting ? 'Creating…' : 'Create'}
      </Button>
    </section>
  );
}
