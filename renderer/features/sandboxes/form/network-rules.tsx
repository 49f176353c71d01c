import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { problemAt } from '../check-draft.ts';
import { emptyRule, type RuleDraft } from '../network-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { FormRows, FormSection, withChanged, without } from './form-section.tsx';

const actions = ['allow', 'deny'] as const;
const directions = ['egress', 'ingress', 'any'] as const;

const protocols = ['tcp', 'udp', 'icmp'] as const;

/** Rules that come before the lists and the policy. */
export function NetworkRules({ draft, problems, onChange }: FormPartProps) {
  const { t } = useTranslation('create');
  const { rules } = draft;
  const [isOpen, setIsOpen] = useState(rules.length > 0);
  const move = (index: number, by: 1 | -1) => {
    const moved = [...rules];
    const [rule] = moved.splice(index, 1);
    if (rule !== undefined) moved.splice(index + by, 0, rule);
    onChange({ rules: moved });
  };
  return (
    <FormSection
      title={t('form.rules.title')}
      summary={rules.length === 0 ? '' : String(rules.length)}
      hasProblem={problemAt(problems, 'network.rules') !== undefined}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
    >
      <p className="form-note">{t('form.rules.note')}</p>
      <FormRows
        label={t('form.rules.title')}
        addLabel={t('form.rules.add')}
        onAdd={() => {
          onChange({ rules: [...rules, emptyRule] });
        }}
      >
        {rules.map((rule, index) => (
          <RuleRow
            key={index}
            rule={rule}
            number={String(index + 1)}
            isLast={index === rules.length - 1}
            problem={(field) => problemAt(problems, `network.rules.${String(index)}.${field}`)}
            onChange={(change) => {
              onChange({ rules: withChanged(rules, index, change) });
            }}
            onMove={(by) => {
              move(index, by);
            }}
            onRemove={() => {
              onChange({ rules: without(rules, index) });
            }}
          />
        ))}
      </FormRows>
    </FormSection>
  );
}

function RuleRow(props: {
  readonly rule: RuleDraft;
  readonly number: string;
  readonly isLast: boolean;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (change: Partial<RuleDraft>) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation('create');
  const { rule, number, problem, onChange, onMove } = props;
  const toggle = (protocol: (typeof protocols)[number], isChosen: boolean) => {
    onChange({
      protocols: isChosen
        ? [...rule.protocols, protocol]
        : rule.protocols.filter((other) => other !== protocol),
    });
  };
  return (
    <div className="form-card">
      <div className="form-row">
        <SelectField
          label={t('form.rules.action', { number })}
          isLabelHidden
          value={rule.action}
          options={actions.map((value) => ({ value, label: t(`form.rules.${value}`) }))}
          onChange={(action) => {
            onChange({ action });
          }}
        />
        <SelectField
          label={t('form.rules.direction', { number })}
          isLabelHidden
          value={rule.direction}
          options={directions.map((value) => ({ value, label: t(`form.rules.${value}`) }))}
          onChange={(direction) => {
            onChange({ direction });
          }}
        />
        <IconButton
          icon={ArrowUp}
          label={t('form.rules.moveUp', { number })}
          disabled={number === '1'}
          onClick={() => {
            onMove(-1);
          }}
        />
        <IconButton
          icon={ArrowDown}
          label={t('form.rules.moveDown', { number })}
          disabled={props.isLast}
          onClick={() => {
            onMove(1);
          }}
        />
        <IconButton
          icon={Trash2}
          label={t('form.rules.remove', { number })}
          onClick={props.onRemove}
        />
      </div>
      <div className="form-row">
        <TextField
          label={t('form.rules.destination', { number })}
          isLabelHidden
          value={rule.destination}
          mono
          placeholder="any"
          onChange={(destination) => {
            onChange({ destination });
          }}
          error={problem('destination')}
        />
        <TextField
          label={t('form.rules.ports', { number })}
          isLabelHidden
          value={rule.ports}
          mono
          placeholder={t('form.rules.portsPlaceholder')}
          onChange={(ports) => {
            onChange({ ports });
          }}
          error={problem('ports')}
        />
      </div>
      <fieldset className="form-chips rule-protocols">
        <legend className="visually-hidden">{t('form.rules.protocols', { number })}</legend>
        {protocols.map((protocol) => (
          <label key={protocol}>
            <input
              type="checkbox"
              checked={rule.protocols.includes(protocol)}
              onChange={(event) => {
                toggle(protocol, event.currentTarget.checked);
              }}
            />{' '}
            {protocol.toUpperCase()}
          </label>
        ))}
        {rule.protocols.length === 0 && (
          <span className="quiet">{t('form.rules.everyProtocol')}</span>
        )}
      </fieldset>
    </div>
  );
}
