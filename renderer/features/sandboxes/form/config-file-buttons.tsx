import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatConfigYaml, parseConfigText } from '../../../../main/contract/config/config-text.ts';
import { parseCreateRequest } from '../../../../main/contract/config/parse-config.ts';
import type { SandboxConfig } from '../../../../main/contract/sandbox-config.ts';
import { Button } from '../../../ui/button.tsx';
import { saveText } from '../../../ui/save-text.ts';
import { inLanguage } from '../../../words/language.ts';

/** Fills the form from a file, and writes it into one. */
export function ConfigFileButtons(props: {
  readonly config: SandboxConfig | undefined;
  readonly onImport: (config: SandboxConfig) => void;
}) {
  const { t } = useTranslation('create');
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const read = async (file: File) => {
    const result = readConfig(await file.text(), file.name);
    setProblem(typeof result === 'string' ? `${file.name}: ${result}` : undefined);
    if (typeof result !== 'string') props.onImport(result);
  };
  return (
    <div className="form-rows">
      <div className="form-rows-actions">
        <Button
          icon={Upload}
          onClick={() => {
            input.current?.click();
          }}
        >
          {t('file.import')}
        </Button>
        <Button
          icon={Download}
          disabled={props.config === undefined}
          onClick={() => {
            const { config } = props;
            if (config !== undefined) saveText(`${config.name}.yaml`, formatConfigYaml(config));
          }}
        >
          {t('file.export')}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('file.label')}
          accept=".yaml,.yml,.json"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file !== undefined) void read(file);
          }}
        />
      </div>
      {problem !== undefined && (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** The configuration of a file's text, or what is wrong with it. A file without a name takes its own. */
function readConfig(text: string, fileName: string): SandboxConfig | string {
  const read = parseConfigText(text);
  if (!read.ok) return read.problem;
  const name = fileName.replace(/\.[^.]*$/, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  const { request, problems } = parseCreateRequest({ name, ...read.request });
  if (request === undefined) {
    return problems.map(({ path, message }) => `${path}: ${inLanguage(message)}`).join(' ');
  }
  const { replace: _ofTheRequest, ...config } = request;
  return config;
}
