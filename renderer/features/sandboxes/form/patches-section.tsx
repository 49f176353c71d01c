import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { IconButton } from '../../../ui/button.tsx';
import { CheckField } from '../../../ui/check-field.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { patchHas, problemAt } from '../check-draft.ts';
import { emptyPatch, type PatchDraft } from '../create-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { FormRows, withChanged, without } from './form-section.tsx';
import { PathField } from '../../../bridge/path-field.tsx';

const kinds = [
  { value: 'text', label: 'Write a file' },
  { value: 'append', label: 'Append to a file' },
  { value: 'file', label: 'Copy a file' },
  { value: 'dir', label: 'Copy a directory' },
  { value: 'symlink', label: 'Make a link' },
  { value: 'mkdir', label: 'Make a directory' },
  { value: 'remove', label: 'Remove' },
] as const;

/** Changes to the root, made once, in this order. */
export function PatchesSection({ draft, problems, onChange }: FormPartProps) {
  const { patches } = draft;
  const move = (index: number, by: 1 | -1) => {
    const moved = [...patches];
    const [patch] = moved.splice(index, 1);
    if (patch !== undefined) moved.splice(index + by, 0, patch);
    onChange({ patches: moved });
  };
  return (
    <FormRows
      label="Patches"
      addLabel="Add patch"
      onAdd={() => {
        onChange({ patches: [...patches, emptyPatch] });
      }}
    >
      {patches.map((patch, index) => {
        const number = String(index + 1);
        return (
          <div className="form-card" key={index}>
            <div className="form-row">
              <SelectField
                label={`Kind of patch ${number}`}
                isLabelHidden
                value={patch.kind}
                options={kinds}
                onChange={(kind) => {
                  onChange({ patches: withChanged(patches, index, { kind }) });
                }}
              />
              <IconButton
                icon={ArrowUp}
                label={`Move patch ${number} up`}
                disabled={index === 0}
                onClick={() => {
                  move(index, -1);
                }}
              />
              <IconButton
                icon={ArrowDown}
                label={`Move patch ${number} down`}
                disabled={index === patches.length - 1}
                onClick={() => {
                  move(index, 1);
                }}
              />
              <IconButton
                icon={Trash2}
                label={`Remove patch ${number}`}
                onClick={() => {
                  onChange({ patches: without(patches, index) });
                }}
              />
            </div>
            <PatchFields
              patch={patch}
              number={number}
              problem={(field) => problemAt(problems, `patches.${String(index)}.${field}`)}
              onChange={(change) => {
                onChange({ patches: withChanged(patches, index, change) });
              }}
            />
          </div>
        );
      })}
    </FormRows>
  );
}

function PatchFields(props: {
  readonly patch: PatchDraft;
  readonly number: string;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (change: Partial<PatchDraft>) => void;
}) {
  const { patch, number, problem, onChange } = props;
  const text = (
    field: 'path' | 'target' | 'mode' | 'owner',
    label: string,
    placeholder: string,
  ) => (
    <TextField
      label={`${label} of patch ${number}`}
      isLabelHidden
      value={patch[field]}
      mono
      placeholder={placeholder}
      onChange={(value) => {
        onChange({ [field]: value });
      }}
      error={problem(field)}
    />
  );
  const has = (field: keyof PatchDraft) => patchHas(patch.kind, field);
  return (
    <>
      <div className="form-row">
        {has('source') && (
          <PathField
            label={`Source of patch ${number}`}
            isLabelHidden
            value={patch.source}
            wants={patch.kind === 'dir' ? 'directory' : 'file'}
            placeholder={patch.kind === 'dir' ? '~/tree' : '~/app.conf'}
            onChange={(source) => {
              onChange({ source });
            }}
            error={problem('source')}
          />
        )}
        {text('path', 'Path', '/etc/motd')}
        {has('target') && text('target', 'Target', '../where/it/leads')}
      </div>
      {has('content') && (
        <TextField
          label={`Content of patch ${number}`}
          isLabelHidden
          value={patch.content}
          mono
          multiline
          rows={4}
          onChange={(content) => {
            onChange({ content });
          }}
          error={problem('content')}
        />
      )}
      <div className="form-row">
        {has('mode') && text('mode', 'Mode', 'mode: 0644')}
        {has('owner') && text('owner', 'Owner', 'owner: root')}
        {has('replace') && (
          <CheckField
            label="Replace what is there"
            isChecked={patch.replace}
            onChange={(replace) => {
              onChange({ replace });
            }}
          />
        )}
      </div>
    </>
  );
}
