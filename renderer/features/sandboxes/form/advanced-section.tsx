import { sandboxLimits } from '../../../../main/contract/sandbox-config.ts';
import { AmountField } from '../../../ui/amount-field.tsx';
import { CheckField } from '../../../ui/check-field.tsx';
import { TextField } from '../../../ui/field.tsx';
import { formatMiB } from '../../../ui/format.ts';
import { SelectField } from '../../../ui/select-field.tsx';
import { problemAt } from '../check-draft.ts';
import type { CreateDraft } from '../create-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { NameValueRows } from './name-value-rows.tsx';
import { TextRows } from './text-rows.tsx';

/** The fields that most sandboxes leave as they are. */
export function AdvancedSection(props: FormPartProps) {
  const { draft, problems, onChange } = props;
  const diskMiB = Number(draft.rootDiskMiB);
  const diskHelp = 'Sparse: only what is written takes space.';
  const text = (
    field: 'shell' | 'workdir' | 'user' | 'hostname',
    label: string,
    help: string,
    placeholder = '',
  ) => (
    <TextField
      label={label}
      value={draft[field]}
      mono
      placeholder={placeholder}
      onChange={(value) => {
        onChange({ [field]: value });
      }}
      error={problemAt(problems, field)}
      help={help}
    />
  );
  return (
    <>
      <AmountField
        label="Root disk"
        unit="MiB"
        value={draft.rootDiskMiB}
        onChange={(rootDiskMiB) => {
          onChange({ rootDiskMiB });
        }}
        min={1024}
        max={65_536}
        step={1024}
        error={problemAt(problems, 'rootDiskMiB')}
        help={
          diskMiB >= sandboxLimits.rootDiskMiB.min ? `${formatMiB(diskMiB)}. ${diskHelp}` : diskHelp
        }
      />
      {text('shell', 'Shell', 'What a terminal runs.')}
      {text('workdir', 'Working directory', 'Where commands start.', "the image's")}
      {text('user', 'User', 'Who commands run as: USER or USER:GROUP.', "the image's")}
      {text('hostname', 'Host name', 'Inside the sandbox.', 'made of the name')}
      <Arguments {...props} field="entrypoint" label="Entrypoint" />
      <Arguments {...props} field="cmd" label="Command" />
      <NameValueRows
        label="Labels"
        what="label"
        rows={draft.labels}
        onChange={(labels) => {
          onChange({ labels });
        }}
        problemOf={(name) => problemAt(problems, `labels.${name}`)}
        placeholder={{ name: 'team', value: 'core' }}
      />
      <SelectField
        label="Pull"
        value={draft.pullPolicy}
        onChange={(pullPolicy) => {
          onChange({ pullPolicy });
        }}
        options={[
          { value: 'if-missing', label: 'When the image is not in the store' },
          { value: 'always', label: 'Always' },
          { value: 'never', label: 'Never' },
        ]}
      />
    </>
  );
}

/** A command of the sandbox's own, argument by argument, in place of the image's. */
function Arguments(
  props: FormPartProps & { readonly field: 'entrypoint' | 'cmd'; readonly label: string },
) {
  const { draft, problems, onChange, field, label } = props;
  const values = draft[field];
  const set = (next: CreateDraft['entrypoint']) => {
    onChange({ [field]: next });
  };
  return (
    <div>
      <CheckField
        label={`${label} of its own`}
        isChecked={values !== undefined}
        onChange={(isOwn) => {
          set(isOwn ? [] : undefined);
        }}
        help={values === undefined ? "The image's is used." : 'One argument a row.'}
      />
      {values !== undefined && (
        <TextRows
          label={`${label} argument`}
          what={`${label.toLowerCase()} argument`}
          values={values}
          onChange={set}
          problemOf={(index) => problemAt(problems, `${field}.${String(index)}`)}
        />
      )}
    </div>
  );
}
