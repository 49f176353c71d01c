import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { portSchema } from '../../../main/contract/config/network.ts';
import {
  formatPortMapping,
  isBeyondLoopback,
  parsePortMapping,
} from '../../../main/contract/config/port-mapping.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import { toErrorData } from '../../bridge/bridge-error.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { warnOfBind } from '../../words/network-words.ts';
import { Warning } from '../../ui/warning.tsx';
import { inLanguage } from '../../words/language.ts';
import { readFreePort } from './port-words.ts';

/** Publishes a port; what the engine says against it stands beside the field, with the way out. */
export function PortForm(props: { readonly onAdd: (port: string) => Promise<unknown> }) {
  const { t } = useTranslation('network');
  const [text, setText] = useState('');
  const [error, setError] = useState<ErrorData>();
  const [isAdding, setIsAdding] = useState(false);
  const [isChecked, setIsChecked] = useState(false);
  const typed = text.trim();
  const issue = typed === '' ? undefined : portSchema.safeParse(typed).error?.issues[0];
  const wrong = issue && inLanguage(issue.message);
  const mapping = parsePortMapping(typed);
  const freePort = error === undefined ? undefined : readFreePort(error);
  const warning =
    mapping === undefined ? undefined : warnOfBind(mapping.bind, isBeyondLoopback(mapping));
  const add = async (port: string) => {
    setIsAdding(true);
    setError(undefined);
    try {
      await props.onAdd(port);
      setText('');
      setIsChecked(false);
    } catch (thrown) {
      setError(toErrorData(thrown));
    } finally {
      setIsAdding(false);
    }
  };
  return (
    <form
      className="section"
      aria-label={t('ports.publish')}
      onSubmit={(event) => {
        event.preventDefault();
        setIsChecked(true);
        if (mapping !== undefined && wrong === undefined && !isAdding) void add(typed);
      }}
    >
      <TextField
        label={t('ports.port')}
        value={text}
        mono
        placeholder="8080:80"
        onChange={(value) => {
          setText(value);
          setError(undefined);
        }}
        error={(isChecked ? wrong : undefined) ?? error?.message}
        help={t('ports.portHelp')}
        after={
          <Button type="submit" icon={Plus} disabled={typed === '' || isAdding}>
            {t('ports.submit')}
          </Button>
        }
      />
      {mapping !== undefined && freePort !== undefined && (
        <div>
          <Button
            disabled={isAdding}
            onClick={() => {
              const other = formatPortMapping({ ...mapping, hostPort: freePort });
              setText(other);
              void add(other);
            }}
          >
            {t('ports.useInstead', { port: freePort })}
          </Button>
        </div>
      )}
      {warning !== undefined && <Warning>{warning}</Warning>}
    </form>
  );
}
