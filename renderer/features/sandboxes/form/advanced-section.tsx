import { useTranslation } from 'react-i18next';
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
  const { t } = useTranslation('create');
  const { draft, problems, onChange } = props;
  const diskMiB = Number(draft.rootDiskMiB);
  const text = (field: 'shell' | 'workdir' | 'user' | 'hostname', placeholder?: string) => (
    <TextField
      label={t(`form.advanced.${field}`)}
      value={draft[field]}
      mono
      placeholder={placeholder ?? ''}
      onChange={(value) => {
        onChange({ [field]: value });
      }}
      error={problemAt(problems, field)}
      help={t(`form.advanced.${field}Help`)}
    />
  );
  return (
    <>
      <AmountField
        label={t('form.advanced.rootDisk')}
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
          diskMiB >= sandboxLimits.rootDiskMiB.min
            ? t('form.advanced.rootDiskSize', { size: formatMiB(diskMiB) })
            : t('form.advanced.rootDiskHelp')
        }
      />
      {text('shell')}
      {text('workdir', t('form.advanced.ofImage'))}
      {text('user', t('form.advanced.ofImage'))}
      {text('hostname', t('form.advanced.ofName'))}
      <Arguments {...props} field="entrypoint" />
      <Arguments {...props} field="cmd" />
      <NameValueRows
        kind="labels"
        rows={draft.labels}
        onChange={(labels) => {
          onChange({ labels });
        }}
        problemOf={(name) => problemAt(problems, `labels.${name}`)}
        placeholder={{ name: 'team', value: 'core' }}
      />
      <TextField
        label={t('form.advanced.suspendAfter')}
        value={draft.suspendAfterIdleMinutes}
        placeholder={t('form.advanced.suspendNever')}
        onChange={(suspendAfterIdleMinutes) => {
          onChange({ suspendAfterIdleMinutes });
        }}
        error={problemAt(problems, 'suspendAfterIdleMinutes')}
        help={t('form.advanced.suspendAfterHelp')}
        after={<span className="unit">min</span>}
      />
      <SelectField
        label={t('form.advanced.pull')}
        value={draft.pullPolicy}
        onChange={(pullPolicy) => {
          onChange({ pullPolicy });
        }}
        options={[
          { value: 'if-missing', label: t('form.advanced.pullIfMissing') },
          { value: 'always', label: t('form.advanced.pullAlways') },
          { value: 'never', label: t('form.advanced.pullNever') },
        ]}
      />
    </>
  );
}

/** A command of the sandbox's own, argument by argument, in place of the image's. */
function Arguments(props: FormPartProps & { readonly field: 'entrypoint' | 'cmd' }) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, field } = props;
  const values = draft[field];
  const set = (next: CreateDraft['entrypoint']) => {
    onChange({ [field]: next });
  };
  return (
    <div>
      <CheckField
        label={t(`form.advanced.${field}`)}
        isChecked={values !== undefined}
        onChange={(isOwn) => {
          set(isOwn ? [] : undefined);
        }}
        help={
          values === undefined
            ? t('form.advanced.argumentsOfImage')
            : t('form.advanced.argumentsOwn')
        }
      />
      {values !== undefined && (
        <TextRows
          kind={field}
          values={values}
          onChange={set}
          problemOf={(index) => problemAt(problems, `${field}.${String(index)}`)}
        />
      )}
    </div>
  );
}
