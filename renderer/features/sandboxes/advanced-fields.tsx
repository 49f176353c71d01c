import { sandboxLimits } from '../../../main/contract/sandbox-config.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatMiB } from '../../ui/format.ts';
import type { CreateDraft, DraftProblems } from './create-draft.ts';
import { editDraft } from './create-form-store.ts';

/** The fields that most sandboxes leave as they are. */
export const advancedFields = [
  'rootDiskMiB',
  'shell',
  'workdir',
  'env',
] as const satisfies readonly (keyof CreateDraft)[];

/** See {@link advancedFields}. */
export function AdvancedFields(props: {
  readonly draft: CreateDraft;
  readonly problems: DraftProblems;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  const { draft, problems } = props;
  const diskMiB = Number(draft.rootDiskMiB);
  const diskHelp = 'Sparse: only what is written takes space.';
  return (
    <details
      className="advanced"
      open={props.isOpen}
      onToggle={(event) => {
        props.onOpenChange(event.currentTarget.open);
      }}
    >
      <summary>Advanced</summary>
      <div className="advanced-fields">
        <AmountField
          label="Root disk"
          unit="MiB"
          value={draft.rootDiskMiB}
          onChange={(rootDiskMiB) => {
            editDraft({ rootDiskMiB });
          }}
          min={1024}
          max={65_536}
          step={1024}
          error={problems.rootDiskMiB}
          help={
            diskMiB >= sandboxLimits.rootDiskMiB.min
              ? `${formatMiB(diskMiB)}. ${diskHelp}`
              : diskHelp
          }
        />
        <TextField
          label="Shell"
          value={draft.shell}
          mono
          onChange={(shell) => {
            editDraft({ shell });
          }}
          error={problems.shell}
          help="What a terminal runs."
        />
        <TextField
          label="Working directory"
          value={draft.workdir}
          mono
          placeholder="the image's"
          onChange={(workdir) => {
            editDraft({ workdir });
          }}
          error={problems.workdir}
          help="Where commands start."
        />
        <TextField
          label="Environment"
          value={draft.env}
          mono
          multiline
          placeholder="NAME=value"
          onChange={(env) => {
            editDraft({ env });
          }}
          error={problems.env}
          help="One NAME=value a line; wins over the image's."
        />
      </div>
    </details>
  );
}
