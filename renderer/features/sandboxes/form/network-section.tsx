import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
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
  const { t } = useTranslation('create');
  const { draft, problems, onChange, networkTest: NetworkTest } = props;
  const network = networkSchema.safeParse(networkOfDraft(draft));
  const rows = (field: 'allow' | 'deny' | 'ports') => ({
    kind: field,
    values: draft[field],
    onChange: (values: readonly string[]) => {
      onChange({ [field]: values });
    },
    problemOf: (index: number) => problemAt(problems, `network.${field}.${String(index)}`),
  });
  return (
    <>
      <ChoiceCards
        label={t('form.network.policy')}
        value={draft.policy}
        onChange={(policy) => {
          onChange({ policy });
        }}
        choices={policyWords()}
      />
      <TextRows {...rows('allow')} placeholder="*.example.org" />
      <TextRows {...rows('deny')} placeholder="ads.example.org" />
      <TextRows
        {...rows('ports')}
        placeholder="8080:80"
        warningOf={(index) => warnOfPort(draft.ports[index] ?? '')}
      />
      <div className="form-row">
        {(['upload', 'download'] as const).map((field) => (
          <TextField
            key={field}
            label={t(`form.network.${field}`)}
            value={draft[field]}
            placeholder={t('form.network.unlimited')}
            onChange={(rate) => {
              onChange({ [field]: rate });
            }}
            error={problemAt(problems, `network.bandwidth.${field}`)}
            help={t(`form.network.${field}Help`)}
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
