import { ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { parseEnvFile } from '../../../ui/parse-env-file.ts';
import { problemAt } from '../check-draft.ts';
import type { FormPartProps } from './form-props.ts';
import { NameValueRows } from './name-value-rows.tsx';

/** Variables, row by row or as the lines of a `.env` file. */
export function EnvironmentSection({ draft, problems, onChange }: FormPartProps) {
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
        label="Environment"
        what="variable"
        rows={draft.env}
        onChange={(env) => {
          onChange({ env });
        }}
        problemOf={(name) => problemAt(problems, `env.${name}`)}
        placeholder={{ name: 'NAME', value: 'value' }}
        extra={
          pasted === undefined && (
            <Button
              icon={ClipboardPaste}
              onClick={() => {
                setPasted('');
              }}
            >
              Paste .env
            </Button>
          )
        }
      />
      {pasted !== undefined && (
        <div className="form-card">
          <TextField
            label="Lines of a .env file"
            value={pasted}
            mono
            multiline
            rows={5}
            placeholder={'NAME=value\n# a comment'}
            onChange={setPasted}
            error={read.ok ? undefined : read.problem}
            help="They take the place of variables of the same name."
          />
          <div className="form-rows-actions">
            <Button onClick={take} disabled={!read.ok}>
              Take them
            </Button>
            <Button
              variant="plain"
              onClick={() => {
                setPasted(undefined);
              }}
            >
              Cancel
            </Button>
          </div>
        </div>
      )}
    </>
  );
}
