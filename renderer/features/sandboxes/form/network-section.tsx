import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { problemAt } from '../check-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { TextRows } from './text-rows.tsx';

/** What the sandbox is to reach once it has a network. */
export function NetworkSection({ draft, problems, onChange }: FormPartProps) {
  return (
    <>
      <p className="form-note">
        Sandboxes have no network in this version. What is set here is checked and kept for when
        they do.
      </p>
      <ChoiceCards
        label="Policy"
        value={draft.policy}
        onChange={(policy) => {
          onChange({ policy });
        }}
        choices={[
          { value: 'none', label: 'None' },
          { value: 'public', label: 'Public' },
          { value: 'allow-list', label: 'Allow list' },
          { value: 'all', label: 'All' },
        ]}
      />
      {(draft.policy === 'allow-list' || draft.allow.length > 0) && (
        <TextRows
          label="Allowed destination"
          what="allowed destination"
          values={draft.allow}
          placeholder="*.example.org"
          onChange={(allow) => {
            onChange({ allow });
          }}
          problemOf={(index) => problemAt(problems, `network.allow.${String(index)}`)}
        />
      )}
      {draft.deny.length > 0 && (
        <TextRows
          label="Denied destination"
          what="denied destination"
          values={draft.deny}
          onChange={(deny) => {
            onChange({ deny });
          }}
          problemOf={(index) => problemAt(problems, `network.deny.${String(index)}`)}
        />
      )}
      <TextRows
        label="Port"
        what="port"
        values={draft.ports}
        placeholder="8080:80"
        onChange={(ports) => {
          onChange({ ports });
        }}
        problemOf={(index) => problemAt(problems, `network.ports.${String(index)}`)}
      />
    </>
  );
}
