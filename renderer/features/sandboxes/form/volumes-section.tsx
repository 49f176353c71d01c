import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { SuggestField } from '../../../ui/suggest-field.tsx';
import { problemAt } from '../check-draft.ts';
import { emptyVolume, type VolumeDraft } from '../create-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { FormRows, withChanged, without } from './form-section.tsx';
import { PathField } from '../../../bridge/path-field.tsx';

/** Directories and files of the host, named volumes, and memory that is mounted. */
export function VolumesSection(props: FormPartProps & { readonly volumeNames: readonly string[] }) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, volumeNames } = props;
  return (
    <FormRows
      label={t('form.volumes.label')}
      addLabel={t('form.volumes.add')}
      onAdd={() => {
        onChange({ volumes: [...draft.volumes, emptyVolume] });
      }}
    >
      {draft.volumes.map((volume, index) => (
        <VolumeRow
          // Rows have no identity but their place.
          key={index}
          volume={volume}
          number={index + 1}
          volumeNames={volumeNames}
          problem={(part) => problemAt(problems, `volumes.${volume.target}${part}`)}
          onChange={(change) => {
            onChange({ volumes: withChanged(draft.volumes, index, change) });
          }}
          onRemove={() => {
            onChange({ volumes: without(draft.volumes, index) });
          }}
        />
      ))}
    </FormRows>
  );
}

function VolumeRow(props: {
  readonly volume: VolumeDraft;
  readonly number: number;
  readonly volumeNames: readonly string[];
  readonly problem: (part: string) => string | undefined;
  readonly onChange: (change: Partial<VolumeDraft>) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation('create');
  const { volume, number, problem, onChange } = props;
  const sourceProblem = problem('.bind') ?? problem('.named');
  return (
    <div className="form-card">
      <div className="form-row">
        <SelectField
          label={t('form.volumes.kind', { number })}
          isLabelHidden
          value={volume.kind}
          onChange={(kind) => {
            onChange({ kind, source: '', access: kind === 'bind' ? 'ro' : 'rw' });
          }}
          options={[
            { value: 'bind', label: t('form.volumes.bind') },
            { value: 'named', label: t('form.volumes.named') },
            { value: 'tmpfs', label: t('form.volumes.tmpfs') },
          ]}
        />
        {volume.kind !== 'tmpfs' && (
          <SelectField
            label={t('form.volumes.access', { number })}
            isLabelHidden
            value={volume.access}
            onChange={(access) => {
              onChange({ access });
            }}
            options={[
              { value: 'ro', label: t('form.volumes.readOnly') },
              { value: 'rw', label: t('form.volumes.readWrite') },
            ]}
          />
        )}
        <IconButton
          icon={Trash2}
          label={t('form.volumes.remove', { number })}
          onClick={props.onRemove}
        />
      </div>
      <div className="form-row">
        {volume.kind === 'bind' && (
          <PathField
            label={t('form.volumes.source', { number })}
            isLabelHidden
            value={volume.source}
            wants="any"
            onChange={(source) => {
              onChange({ source });
            }}
            placeholder="~/data"
            error={sourceProblem}
          />
        )}
        {volume.kind === 'named' && (
          <SuggestField
            label={t('form.volumes.name', { number })}
            isLabelHidden
            value={volume.source}
            onChange={(source) => {
              onChange({ source });
            }}
            suggestions={props.volumeNames.map((value) => ({ value }))}
            showAllLabel={t('form.volumes.showNamed')}
            placeholder="cache"
            error={sourceProblem}
          />
        )}
        {volume.kind === 'tmpfs' && (
          <TextField
            label={t('form.volumes.size', { number })}
            isLabelHidden
            value={volume.sizeMiB}
            inputMode="numeric"
            onChange={(sizeMiB) => {
              onChange({ sizeMiB });
            }}
            error={problem('.tmpfs')}
            after={<span className="unit">MiB</span>}
          />
        )}
        <TextField
          label={t('form.volumes.place', { number })}
          isLabelHidden
          value={volume.target}
          mono
          placeholder="/data"
          onChange={(target) => {
            onChange({ target });
          }}
          error={
            sourceProblem === undefined && problem('.tmpfs') === undefined ? problem('') : undefined
          }
        />
      </div>
    </div>
  );
}
