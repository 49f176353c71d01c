import { Trash2 } from 'lucide-react';
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
  const { draft, problems, onChange, volumeNames } = props;
  return (
    <FormRows
      label="Volumes"
      addLabel="Add volume"
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
  const { volume, number, problem, onChange } = props;
  const sourceProblem = problem('.bind') ?? problem('.named');
  const which = `of volume ${String(number)}`;
  return (
    <div className="form-card">
      <div className="form-row">
        <SelectField
          label={`Kind ${which}`}
          isLabelHidden
          value={volume.kind}
          onChange={(kind) => {
            onChange({ kind, source: '', access: kind === 'bind' ? 'ro' : 'rw' });
          }}
          options={[
            { value: 'bind', label: 'From this host' },
            { value: 'named', label: 'Named volume' },
            { value: 'tmpfs', label: 'Memory (tmpfs)' },
          ]}
        />
        {volume.kind !== 'tmpfs' && (
          <SelectField
            label={`Access ${which}`}
            isLabelHidden
            value={volume.access}
            onChange={(access) => {
              onChange({ access });
            }}
            options={[
              { value: 'ro', label: 'Read-only' },
              { value: 'rw', label: 'Read and write' },
            ]}
          />
        )}
        <IconButton
          icon={Trash2}
          label={`Remove volume ${String(number)}`}
          onClick={props.onRemove}
        />
      </div>
      <div className="form-row">
        {volume.kind === 'bind' && (
          <PathField
            label={`Source ${which}`}
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
            label={`Name ${which}`}
            isLabelHidden
            value={volume.source}
            onChange={(source) => {
              onChange({ source });
            }}
            suggestions={props.volumeNames.map((value) => ({ value }))}
            showAllLabel="Show named volumes"
            placeholder="cache"
            error={sourceProblem}
          />
        )}
        {volume.kind === 'tmpfs' && (
          <TextField
            label={`Size ${which} in MiB`}
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
          label={`Place ${which} in the sandbox`}
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
