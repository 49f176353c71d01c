import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { SelectField } from '../../../ui/select-field.tsx';
import { problemAt } from '../check-draft.ts';
import { emptyRule, type RuleDraft } from '../network-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { FormRows, FormSection, withChanged, without } from './form-section.tsx';

const actions = [
  { value: 'allow', label: 'Allow' },
  { value: 'deny', label: 'Deny' },
] as const;

const directions = [
  { value: 'egress', label: 'From the sandbox to' },
  { value: 'ingress', label: 'To published ports from' },
  { value: 'any', label: 'Both ways' },
] as const;

const protocols = ['tcp', 'udp', 'icmp'] as const;

/** Rules that come before the lists and the policy. */
export function NetworkRules({ draft, problems, onChange }: FormPartProps) {
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
      title="Advanced rules"
      summary={rules.length === 0 ? '' : String(rules.length)}
      hasProblem={problemAt(problems, 'network.rules') !== undefined}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
    >
      <p className="form-note">
        They come before the denied and allowed destinations and the policy. The first that matches
        decides.
      </p>
      <FormRows
        label="Advanced rules"
        addLabel="Add rule"
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
  const { rule, number, problem, onChange, onMove } = props;
  const which = `of rule ${number}`;
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
          label={`Action ${which}`}
          isLabelHidden
          value={rule.action}
          options={actions}
          onChange={(action) => {
            onChange({ action });
          }}
        />
        <SelectField
          label={`Direction ${which}`}
          isLabelHidden
          value={rule.direction}
          options={directions}
          onChange={(direction) => {
            onChange({ direction });
          }}
        />
        <IconButton
          icon={ArrowUp}
          label={`Move rule ${number} up`}
          disabled={number === '1'}
          onClick={() => {
            onMove(-1);
          }}
        />
        <IconButton
          icon={ArrowDown}
          label={`Move rule ${number} down`}
          disabled={props.isLast}
          onClick={() => {
            onMove(1);
          }}
        />
        <IconButton icon={Trash2} label={`Remove rule ${number}`} onClick={props.onRemove} />
      </div>
      <div className="form-row">
        <TextField
          label={`Destination ${which}`}
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
          label={`Ports ${which}`}
          isLabelHidden
          value={rule.ports}
          mono
          placeholder="every port, or 443, 8000-8999"
          onChange={(ports) => {
            onChange({ ports });
          }}
          error={problem('ports')}
        />
      </div>
      <fieldset className="form-chips rule-protocols">
        <legend className="visually-hidden">Protocols {which}</legend>
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
        {rule.protocols.length === 0 && <span className="quiet">every protocol</span>}
      </fieldset>
    </div>
  );
}
