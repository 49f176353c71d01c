import { Box, Folder, HardDrive } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { RootFacts } from '../../../../main/contract/config/config-report.ts';
import { CheckField } from '../../../ui/check-field.tsx';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { TextField } from '../../../ui/field.tsx';
import { formatBytes } from '../../../ui/format.ts';
import { SelectField } from '../../../ui/select-field.tsx';
import { problemAt } from '../check-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { PathField } from '../../../bridge/path-field.tsx';

/** A field of a reference that offers what fits as one types; the window gives it. */
export type ImageFieldComponent = ComponentType<{
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}>;

/** Where the root comes from. */
export function SourceSection(
  props: FormPartProps & {
    readonly imageField: ImageFieldComponent | undefined;
    /** What the host found there. */
    readonly root: RootFacts | undefined;
  },
) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, imageField: ImageField, root } = props;
  return (
    <>
      <ChoiceCards
        label={t('form.source.label')}
        value={draft.sourceKind}
        onChange={(sourceKind) => {
          onChange({ sourceKind, root: {}, partition: '' });
        }}
        choices={[
          {
            value: 'image',
            label: t('form.source.image'),
            icon: Box,
            remark: t('form.source.imageRemark'),
          },
          {
            value: 'directory',
            label: t('form.source.directory'),
            icon: Folder,
            remark: t('form.source.directoryRemark'),
          },
          {
            value: 'disk',
            label: t('form.source.disk'),
            icon: HardDrive,
            remark: t('form.source.diskRemark'),
          },
        ]}
      />
      {draft.sourceKind === 'image' && ImageField !== undefined && (
        <ImageField
          label={t('form.source.image')}
          value={draft.image}
          onChange={(image) => {
            onChange({ image });
          }}
          error={problemAt(problems, 'image')}
        />
      )}
      {draft.sourceKind === 'directory' && <DirectorySource {...props} />}
      {draft.sourceKind === 'disk' && <DiskSource {...props} root={root} />}
    </>
  );
}

function DirectorySource({ draft, problems, onChange }: FormPartProps) {
  const { t } = useTranslation('create');
  return (
    <>
      <PathField
        label={t('form.source.directory')}
        value={draft.path}
        wants="directory"
        onChange={(path) => {
          onChange({ path });
        }}
        placeholder="~/rootfs"
        error={problemAt(problems, 'image')}
        help={t('form.source.directoryHelp')}
      />
      <ChoiceCards
        label={t('form.source.access')}
        value={draft.root.access ?? 'rw'}
        onChange={(access) => {
          onChange({ root: { access } });
        }}
        choices={[
          { value: 'rw', label: t('form.source.accessSame') },
          {
            value: 'ro',
            label: t('form.source.accessOwn'),
            remark: t('form.source.accessOwnRemark'),
          },
        ]}
      />
    </>
  );
}

function DiskSource(props: FormPartProps & { readonly root: RootFacts | undefined }) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, root } = props;
  const facts = root?.kind === 'disk' ? root : undefined;
  const backing = problemAt(problems, 'root.allowBackingFiles');
  const setRoot = (change: Partial<typeof draft.root>) => {
    onChange({ root: { ...draft.root, ...change } });
  };
  return (
    <>
      <PathField
        label={t('form.source.disk')}
        value={draft.path}
        wants="file"
        onChange={(path) => {
          onChange({ path });
        }}
        placeholder="~/disks/debian.qcow2"
        error={problemAt(problems, 'image')}
        help={
          facts === undefined
            ? t('form.source.diskHelp')
            : t('form.source.diskFacts', {
                format: facts.format,
                size: formatBytes(facts.virtualBytes),
              })
        }
      />
      <CheckField
        label={t('form.source.fork')}
        isChecked={draft.root.fork === true}
        onChange={(fork) => {
          setRoot({ fork });
        }}
        help={t('form.source.forkHelp')}
      />
      {(backing !== undefined || draft.root.allowBackingFiles === true) && (
        <CheckField
          label={t('form.source.backing')}
          isChecked={draft.root.allowBackingFiles === true}
          onChange={(allowBackingFiles) => {
            setRoot({ allowBackingFiles });
          }}
          help={backing ?? facts?.backingFiles.join(', ')}
        />
      )}
      <div className="form-row">
        <TextField
          label={t('form.source.partition')}
          value={draft.partition}
          inputMode="numeric"
          placeholder={t('form.source.partitionPlaceholder')}
          onChange={(partition) => {
            onChange({ partition });
          }}
          error={problemAt(problems, 'root.partition')}
          help={t('form.source.partitionHelp')}
        />
        <SelectField
          label={t('form.source.format')}
          value={draft.root.format ?? 'content'}
          onChange={(format) => {
            const { format: _earlier, ...rest } = draft.root;
            onChange({ root: format === 'content' ? rest : { ...rest, format } });
          }}
          options={[
            { value: 'content', label: t('form.source.formatByContent') },
            { value: 'raw', label: 'raw' },
            { value: 'qcow2', label: 'qcow2' },
            { value: 'vmdk', label: 'vmdk' },
          ]}
          error={problemAt(problems, 'root.format')}
        />
      </div>
    </>
  );
}
