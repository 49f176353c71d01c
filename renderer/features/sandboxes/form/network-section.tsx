import type { ComponentType } from 'react';
import { networkSchema, type NetworkConfig } from '../../../../main/contract/config/network.ts';
import {
  isBeyondLoopback,
  parsePortMapping,
} from '../../../../main/contract/config/port-mapping.ts';
import { ChoiceCards } from '../../../ui/choice-cards.tsx';
import { TextField } from '../../../ui/field.tsx';
import { policyWords, warnOfBind } from '../../../words/network-words.ts';
import { problemAt } from '../check-draft.ts';
import { networkOfDraft } from '../network-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { NetworkRules } from './network-rules.tsx';
import { TextRows } from './text-rows.tsx';

/** Asks about one destination under a network; the window gives it. */
export type NetworkTestComponent = ComponentType<{ readonly network: NetworkConfig }>;

/** What the sandbox may reach, and what of it can be reached. */
export function NetworkSection(
  props: FormPartProps & { readonly networkTest: NetworkTestComponent },
) {
  const { draft, problems, onChange, networkTest: NetworkTest } = props;
  const network = networkSchema.safeParse(networkOfDraft(draft));
  const rows = (field: 'allow' | 'deny' | 'ports') => ({
    values: draft[field],
    onChange: (values: readonly string[]) => {
      onChange({ [field]: values });
    },
    problemOf: (index: number) => problemAt(problems, `network.${field}.${String(index)}`),
  });
  return (
    <>
      <ChoiceCards
        label="Policy"
        value={draft.policy}
        onChange={(policy) => {
          onChange({ policy });
        }}
        choices={policyWords()}
      />
      <TextRows
        {...rows('allow')}
        label="Allowed destination"
        what="allowed destination"
        placeholder="*.example.org"
      />
      <TextRows
        {...rows('deny')}
        label="Denied destination"
        what="denied destination"
        placeholder="ads.example.org"
      />
      <TextRows
        {...rows('ports')}
        label="Port"
        what="port"
        placeholder="8080:80"
        warningOf={(index) => warnOfPort(draft.ports[index] ?? '')}
      />
      <div className="form-row">
        {(['upload', 'download'] as const).map((field) => (
          <TextField
            key={field}
            label={field === 'upload' ? 'Upload' : 'Download'}
            value={draft[field]}
            placeholder="as fast as it goes"
            onChange={(rate) => {
              onChange({ [field]: rate });
            }}
            error={problemAt(problems, `network.bandwidth.${field}`)}
            help={field === 'upload' ? 'At most, from the sandbox.' : 'At most, to the sandbox.'}
            after={<span className="unit">Mbit/s</span>}
          />
        ))}
      </div>
      <NetworkRules draft={draft} problems={problems} onChange={onChange} />
      {network.success && <NetworkTest network={network.data} />}
    </>
  );
}

function warnOfPort(text: string): string | undefined {
  const port = parsePortMapping(text);
  return port === undefined ? undefined : warnOfBind(port.bind, isBeyondLoopback(port));
}
