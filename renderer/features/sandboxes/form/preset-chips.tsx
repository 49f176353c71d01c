import { BookmarkPlus, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../../main/contract/error.ts';
import type { Preset } from '../../../../main/contract/preset.ts';
import type { SandboxConfig } from '../../../../main/contract/sandbox-config.ts';
import { describeError, toErrorData } from '../../../bridge/bridge-error.ts';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../../bridge/use-is-connected.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { TextField } from '../../../ui/field.tsx';
import { inLanguage, translate } from '../../../words/language.ts';

/** Configurations to begin from; the user's own can be saved here, and removed. */
export function PresetChips(props: {
  readonly onChoose: (preset: Preset) => void;
  /** What would be saved; undefined while a field is wrong. */
  readonly config: SandboxConfig | undefined;
}) {
  const { t } = useTranslation('create');
  const { connection } = useBridge();
  const [presets, setPresets] = useState<readonly Preset[]>([]);
  const [name, setName] = useState<string>();
  const [error, setError] = useState<ErrorData>();
  const [count, setCount] = useState(0);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected) return;
    let isGone = false;
    connection.client.presets.list().then(
      (listed) => {
        if (!isGone) setPresets(listed);
      },
      () => {
        // The form works without them.
        if (!isGone) setPresets([]);
      },
    );
    return () => {
      isGone = true;
    };
  }, [connection, count, isConnected]);
  const act = async (work: Promise<unknown>) => {
    setError(undefined);
    try {
      await work;
      setName(undefined);
    } catch (thrown) {
      setError(toErrorData(thrown));
    }
    setCount((before) => before + 1);
  };
  return (
    <div className="form-rows" role="group" aria-label={t('presets.label')}>
      <div className="form-chips">
        <span className="field-label">{t('presets.label')}</span>
        {presets.map((preset) => (
          <span key={preset.name} className="form-chips">
            <Button
              title={wordsOf(preset, 'description')}
              onClick={() => {
                props.onChoose(preset);
              }}
            >
              {wordsOf(preset, 'title')}
            </Button>
            {preset.origin === 'own' && (
              <IconButton
                icon={X}
                label={t('presets.remove', { name: preset.name })}
                onClick={() => void act(connection.client.presets.remove({ name: preset.name }))}
              />
            )}
          </span>
        ))}
        {name === undefined && (
          <Button
            variant="plain"
            icon={BookmarkPlus}
            onClick={() => {
              setName('');
            }}
          >
            {t('presets.saveAs')}
          </Button>
        )}
      </div>
      {name !== undefined && (
        <TextField
          label={t('presets.name')}
          value={name}
          mono
          onChange={setName}
          help={t('presets.nameHelp')}
          after={
            <>
              <Button
                disabled={props.config === undefined || name === ''}
                onClick={() => {
                  const { config } = props;
                  if (config === undefined) return;
                  void act(connection.client.presets.save({ name, description: '', config }));
                }}
              >
                {t('presets.save')}
              </Button>
              <Button
                variant="plain"
                onClick={() => {
                  setName(undefined);
                }}
              >
                {translate('ui:cancel')}
              </Button>
            </>
          }
        />
      )}
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
    </div>
  );
}

/** What a preset says of itself; the user's own says it in the user's words. */
function wordsOf(preset: Preset, part: 'title' | 'description'): string {
  return preset.origin === 'shipped' ? inLanguage(preset[part]) : preset[part];
}
