import { RefreshCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RootFacts } from '../../../../main/contract/config/config-report.ts';
import { networkSchema } from '../../../../main/contract/config/network.ts';
import { sandboxLimits } from '../../../../main/contract/sandbox-config.ts';
import { AmountField } from '../../../ui/amount-field.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { CheckField } from '../../../ui/check-field.tsx';
import { TextField } from '../../../ui/field.tsx';
import { formatMiB } from '../../../ui/format.ts';
import { describeNetwork } from '../../../words/network-words.ts';
import { problemAt } from '../check-draft.ts';
import type { CreateDraft } from '../create-draft.ts';
import { networkOfDraft } from '../network-draft.ts';
import { AdvancedSection } from './advanced-section.tsx';
import { EnvironmentSection } from './environment-section.tsx';
import type { FormPartProps } from './form-props.ts';
import { FormSection } from './form-section.tsx';
import { NameValueRows } from './name-value-rows.tsx';
import { NetworkSection, type NetworkTestComponent } from './network-section.tsx';
import { PatchesSection } from './patches-section.tsx';
import { SourceSection, type ImageFieldComponent } from './source-section.tsx';
import { VolumesSection } from './volumes-section.tsx';

/** Props of {@link ConfigForm}. */
export interface ConfigFormProps extends FormPartProps {
  /** Not of a sandbox that is there, whose image stays. */
  readonly imageField?: ImageFieldComponent;
  readonly volumeNames: readonly string[];
  readonly root: RootFacts | undefined;
  /** Undefined while the machine is not known. */
  readonly machine: { readonly cpus: number; readonly memoryMiB: number } | undefined;
  /** Of a sandbox that is there: its name, root and patches stay as they are. */
  readonly isMade?: boolean;
  readonly networkTest: NetworkTestComponent;
  readonly isNameTaken?: boolean;
  readonly onSuggestName?: () => void;
  /** Above the fields: presets. */
  readonly children?: ReactNode;
}

const sectionFields = {
  volumes: ['volumes'],
  environment: ['env'],
  network: ['network'],
  scripts: ['scripts'],
  patches: ['patches'],
  advanced: [
    ...['rootDiskMiB', 'shell', 'workdir', 'user', 'hostname'],
    ...['entrypoint', 'cmd', 'labels', 'pullPolicy'],
  ],
} as const;

/** They say something even of a sandbox that leaves them as they are. */
const foldedAtFirst = new Set<Section>(['network', 'advanced']);

type Section = keyof typeof sectionFields;

/** Every field of a sandbox, in one column. */
export function ConfigForm(props: ConfigFormProps) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, isMade = false } = props;
  const [opened, setOpened] = useState<Partial<Record<Section, boolean>>>({});
  const part = { draft, problems, onChange };
  const section = (name: Section, summary: string, children: ReactNode) => {
    const hasProblem = sectionFields[name].some(
      (field) => problemAt(problems, field) !== undefined,
    );
    return (
      <FormSection
        title={t(`form.sections.${name}`)}
        summary={summary}
        hasProblem={hasProblem}
        isOpen={opened[name] ?? (summary !== '' && !foldedAtFirst.has(name))}
        onOpenChange={(isOpen) => {
          setOpened((before) => ({ ...before, [name]: isOpen }));
        }}
      >
        {children}
      </FormSection>
    );
  };
  const count = (entries: readonly unknown[]) =>
    entries.length === 0 ? '' : String(entries.length);
  return (
    <div className="create-fields">
      {!isMade && <SourceSection {...part} imageField={props.imageField} root={props.root} />}
      {props.children}
      {!isMade && <NameField {...props} />}
      <Amounts {...part} machine={props.machine} />
      {section(
        'volumes',
        count(draft.volumes),
        <VolumesSection {...part} volumeNames={props.volumeNames} />,
      )}
      {section('environment', count(draft.env), <EnvironmentSection {...part} />)}
      {section(
        'scripts',
        count(draft.scripts),
        <NameValueRows
          kind="scripts"
          rows={draft.scripts}
          onChange={(scripts) => {
            onChange({ scripts });
          }}
          problemOf={(name) => problemAt(problems, `scripts.${name}`)}
          placeholder={{ name: 'greet', value: '#!/bin/sh\necho hello' }}
        />,
      )}
      {!isMade && section('patches', count(draft.patches), <PatchesSection {...part} />)}
      {section(
        'network',
        networkSummary(draft),
        <NetworkSection {...part} networkTest={props.networkTest} />,
      )}
      {section('advanced', '', <AdvancedSection {...part} />)}
    </div>
  );
}

/** What of the network is wanted, right or wrong. */
function networkSummary(draft: CreateDraft): string {
  const network = networkSchema.safeParse(networkOfDraft(draft));
  return network.success ? describeNetwork(network.data) : '';
}

function NameField(props: ConfigFormProps) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, isNameTaken = false, onSuggestName } = props;
  return (
    <>
      <TextField
        label={t('form.name')}
        value={draft.name}
        mono
        onChange={(name) => {
          onChange({ name, replace: false });
        }}
        error={problemAt(problems, 'name')}
        help={t('form.nameHelp')}
        after={
          onSuggestName && (
            <IconButton icon={RefreshCw} label={t('form.suggestName')} onClick={onSuggestName} />
          )
        }
      />
      {isNameTaken && (
        <CheckField
          label={t('form.replace', { name: draft.name })}
          isChecked={draft.replace}
          onChange={(replace) => {
            onChange({ replace });
          }}
          help={t('form.replaceHelp')}
        />
      )}
    </>
  );
}

function Amounts(props: FormPartProps & Pick<ConfigFormProps, 'machine'>) {
  const { t } = useTranslation('create');
  const { draft, problems, onChange, machine } = props;
  const { cpus, memoryMiB } = sandboxLimits;
  return (
    <>
      <AmountField
        label={t('form.cpus')}
        value={draft.cpus}
        onChange={(value) => {
          onChange({ cpus: value });
        }}
        min={cpus.min}
        max={Math.max(2, machine?.cpus ?? 8)}
        step={1}
        error={problemAt(problems, 'cpus')}
        help={machine && t('form.cpusHelp', { count: machine.cpus })}
      />
      <AmountField
        label={t('form.memory')}
        unit="MiB"
        value={draft.memoryMiB}
        onChange={(value) => {
          onChange({ memoryMiB: value });
        }}
        min={memoryMiB.min}
        max={sliderEnd(machine?.memoryMiB ?? 8192)}
        step={128}
        error={problemAt(problems, 'memoryMiB')}
        help={machine && t('form.memoryHelp', { size: formatMiB(machine.memoryMiB) })}
      />
    </>
  );
}

/** The slider stops at half the machine, on a whole step; what is more can be typed. */
function sliderEnd(hostMiB: number): number {
  return Math.max(512, Math.floor(hostMiB / 2 / 128) * 128);
}
