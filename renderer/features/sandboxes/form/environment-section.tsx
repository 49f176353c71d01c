import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { parseEnvFile } from '../../../ui/parse-env-file.ts';
import { problemAt } from '../check-draft.ts';
import { translate } from '../../../words/language.ts';
import type { FormPartProps } from './form-props.ts';
import { NameValueRows } from './name-value-rows.tsx';

/** Variables, row by row or as the lines of a `.env` file. */
export function EnvironmentSection({ draft, problems, onChange }: FormPartProps) {
  const { t } = useTranslation('create');
  const [pasted, setPasted] = useState<string>();
  const read = parseEnvFile(pasted ?? '');
  const take = () => {
    if (!read.ok) return;
    const names = new Set(read.rows.map(({ name }) => name));
    onChange({ env: [...draft.env.filter(({ name }) => !names.has(name)), ...read.rows] });
    setPasted(undefined);
  };
  return (
    <>
      <NameValueRows
        kind="variables"
        rows={draft.env}
        onChange={(env) => {
          onChange({ env });
        }}
        problemOf={(name) => problemAt(problems, `env.${name}`)}
        placeholder={{
          name: t('form.environment.namePlaceholder'),
          value: t('form.environment.valuePlaceholder'),
        }}
        extra={
          pasted === undefined && (
            <Button
              icon={ClipboardPaste}
              onClick={() => {
                setPasted('');
              }}
            >
              {t('form.environment.paste')}
            </Button>
          )
        }
      />
      {pasted !== undefined && (
        <div className="form-card">
          <TextField
            label={t('form.environment.lines')}
            value={pasted}
            mono
            multiline
            rows={5}
            placeholder={t('form.environment.linesPlaceholder')}
            onChange={setPasted}
            error={read.ok ? undefined : read.problem}
            help={t('form.environment.linesHelp')}
          />
          <div className="form-rows-actions">
            <Button onClick={take} disabled={!read.ok}>
              {t('form.environment.take')}
            </Button>
            <Button
              variant="plain"
              onClick={() => {
                setPasted(undefined);
              }}
            >
              {translate('ui:cancel')}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
