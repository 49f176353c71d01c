import { Box, Folder, HardDrive } from 'lucide-react';
import type { ComponentType } from 'react';
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
  const { draft, problems, onChange, imageField: ImageField, root } = props;
  return (
    <>
      <ChoiceCards
        label="Source"
        value={draft.sourceKind}
        onChange={(sourceKind) => {
          onChange({ sourceKind, root: {}, partition: '' });
        }}
        choices={[
          { value: 'image', label: 'Image', icon: Box, remark: 'From a registry.' },
          { value: 'directory', label: 'Directory', icon: Folder, remark: 'Of this host.' },
          { value: 'disk', label: 'Disk image', icon: HardDrive, remark: 'qcow2, raw or vmdk.' },
        ]}
      />
      {draft.sourceKind === 'image' && ImageField !== undefined && (
        <ImageField
          label="Image"
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
  return (
    <>
      <PathField
        label="Directory"
        value={draft.path}
        wants="directory"
        onChange={(path) => {
          onChange({ path });
        }}
        placeholder="~/rootfs"
        error={problemAt(problems, 'image')}
        help="It is the root of the sandbox: it has bin, etc and what else a system needs."
      />
      <ChoiceCards
        label="What the sandbox changes"
        value={draft.root.access ?? 'rw'}
        onChange={(access) => {
          onChange({ root: { access } });
        }}
        choices={[
          { value: 'rw', label: 'The directory itself' },
          { value: 'ro', label: 'A disk of its own', remark: 'The directory stays as it is.' },
        ]}
      />
    </>
  );
}

function DiskSource(props: FormPartProps & { readonly root: RootFacts | undefined }) {
  const { draft, problems, onChange, root } = props;
  const facts = root?.kind === 'disk' ? root : undefined;
  const backing = problemAt(problems, 'root.allowBackingFiles');
  const setRoot = (change: Partial<typeof draft.root>) => {
    onChange({ root: { ...draft.root, ...change } });
  };
  return (
    <>
      <PathField
        label="Disk image"
        value={draft.path}
        wants="file"
        onChange={(path) => {
          onChange({ path });
        }}
        placeholder="~/disks/debian.qcow2"
        error={problemAt(problems, 'image')}
        help={
          facts === undefined
            ? 'Its format is told by its content, not by its name.'
            : `${facts.format}, ${formatBytes(facts.virtualBytes)}.`
        }
      />
      <CheckField
        label="Fork it"
        isChecked={draft.root.fork === true}
        onChange={(fork) => {
          setRoot({ fork });
        }}
        help="The disk stays as it is; changes go to an overlay of the sandbox."
      />
      {(backing !== undefined || draft.root.allowBackingFiles === true) && (
        <CheckField
          label="Open the other files that the disk names"
          isChecked={draft.root.allowBackingFiles === true}
          onChange={(allowBackingFiles) => {
            setRoot({ allowBackingFiles });
          }}
          help={backing ?? facts?.backingFiles.join(', ')}
        />
      )}
      <div className="form-row">
        <TextField
          label="Partition"
          value={draft.partition}
          inputMode="numeric"
          placeholder="found"
          onChange={(partition) => {
            onChange({ partition });
          }}
          error={problemAt(problems, 'root.partition')}
          help="The number of the root's; empty to find it."
        />
        <SelectField
          label="Format"
          value={draft.root.format ?? 'content'}
          onChange={(format) => {
            const { format: _earlier, ...rest } = draft.root;
            onChange({ root: format === 'content' ? rest : { ...rest, format } });
          }}
          options={[
            { value: 'content', label: 'By its content' },
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
