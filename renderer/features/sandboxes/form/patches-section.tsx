import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { CheckField } from '../../../ui/check-field.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { patchHas, problemAt } from '../check-draft.ts';
import { emptyPatch, type PatchDraft } from '../create-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { FormRows, withChanged, without } from './form-section.tsx';
import { PathField } from '../../../bridge/path-field.tsx';

const kinds = ['text', 'append', 'file', 'dir', 'symlink', 'mkdir', 'remove'] as const;

/** Changes to the root, made once, in this order. */
export function PatchesSection({ draft, problems, onChange }: FormPartProps) {
  const { t } = useTranslation('create');
  const { patches } = draft;
  const move = (index: number, by: 1 | -1) => {
    const moved = [...patches];
    const [patch] = moved.splice(index, 1);
    if (patch !== undefined) moved.splice(index + by, 0, patch);
    onChange({ patches: moved });
  };
  return (
    <FormRows
      label={t('form.patches.label')}
      addLabel={t('form.patches.add')}
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
                label={t('form.patches.kind', { number })}
                isLabelHidden
                value={patch.kind}
                options={kinds.map((value) => ({
                  value,
                  label: t(`form.patches.kinds.${value}`),
                }))}
                onChange={(kind) => {
                  onChange({ patches: withChanged(patches, index, { kind }) });
                }}
              />
              <IconButton
                icon={ArrowUp}
                label={t('form.patches.moveUp', { number })}
                disabled={index === 0}
                onClick={() => {
                  move(index, -1);
                }}
              />
              <IconButton
                icon={ArrowDown}
                label={t('form.patches.moveDown', { number })}
                disabled={index === patches.length - 1}
                onClick={() => {
                  move(index, 1);
                }}
              />
              <IconButton
                icon={Trash2}
                label={t('form.patches.remove', { number })}
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
  const { t } = useTranslation('create');
  const { patch, number, problem, onChange } = props;
  const text = (field: 'path' | 'target' | 'mode' | 'owner', placeholder: string) => (
    <TextField
      label={t(`form.patches.${field}`, { number })}
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
            label={t('form.patches.source', { number })}
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
        {text('path', '/etc/motd')}
        {has('target') && text('target', t('form.patches.targetPlaceholder'))}
      </div>
      {has('content') && (
        <TextField
          label={t('form.patches.content', { number })}
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
        {has('mode') && text('mode', t('form.patches.modePlaceholder'))}
        {has('owner') && text('owner', t('form.patches.ownerPlaceholder'))}
        {has('replace') && (
          <CheckField
            label={t('form.patches.replace')}
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
