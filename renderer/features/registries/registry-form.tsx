import { PlugZap } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Registry, SecretStorage } from '../../../main/contract/registry.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { PathField } from '../../bridge/path-field.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { Warning } from '../../ui/warning.tsx';
import { translate } from '../../words/language.ts';
import { RegistryCredential } from './registry-credential.tsx';
import {
  areSettingsChanged,
  checkRegistryDraft,
  credentialOfDraft,
  draftOfRegistry,
  settingsOfDraft,
  type RegistryDraft,
} from './registry-draft.ts';
import { TestSteps } from './test-steps.tsx';
import { useRegistryTest } from './use-registry-test.ts';

/** How a registry is reached and who one is there. The secret lives here alone, until it is sent. */
export function RegistryForm(props: {
  /** Undefined for a new one. */
  readonly registry: Registry | undefined;
  /** Of a new one, where it is known already. */
  readonly name: string;
  /** Undefined until it is known. */
  readonly storage: SecretStorage | undefined;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('registries');
  const { registry, storage, onSaved, onClose } = props;
  const { connection } = useBridge();
  const [draft, setDraft] = useState<RegistryDraft>(() => draftOfRegistry(registry, props.name));
  const [secret, setSecret] = useState('');
  const [isFileAllowed, setIsFileAllowed] = useState(false);
  const [isAskedFirst, setIsAskedFirst] = useState(true);
  const [areSettingsKept, setAreSettingsKept] = useState(false);
  const [repository, setRepository] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const isNameKnown = registry === undefined && props.name !== '';
  useEffect(() => {
    // It opens above a list, which may have been scrolled. A name that is known is not typed.
    const fields = form.current?.querySelectorAll<HTMLInputElement>('input[type=text]');
    fields?.[isNameKnown ? 1 : 0]?.focus();
  }, [isNameKnown]);
  const call = useCall();
  const tester = useRegistryTest();
  const problems = checkRegistryDraft(draft, secret);
  const isRight = draft.name !== '' && Object.keys(problems).length === 0;
  const hasNewSettings = areSettingsChanged(draft, registry);
  const needsConsent = secret !== '' && storage?.isEncrypted === false;
  const canSave =
    isRight &&
    !call.isBusy &&
    (hasNewSettings || secret !== '') &&
    (!needsConsent || isFileAllowed);
  const change = (part: Partial<RegistryDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
  };

  const save = async () => {
    const { registries } = connection.client;
    const credential = credentialOfDraft(draft, secret);
    // Whatever comes of it, the secret was sent and has to be typed again.
    setSecret('');
    tester.clear();
    const isSaved = await call.run(async () => {
      // First how it is reached: the login is tested that way.
      if (hasNewSettings) {
        await registries.configure({ registry: draft.name, settings: settingsOfDraft(draft) });
        setAreSettingsKept(true);
      }
      if (credential === undefined) return;
      await registries.login({
        ...{ registry: draft.name, credential },
        ...{ allowFile: isFileAllowed, skipTest: !isAskedFirst },
      });
    });
    onSaved();
    if (isSaved) onClose();
  };

  const title = registry === undefined ? t('form.add') : t('form.edit', { name: registry.name });
  return (
    <form
      ref={form}
      className="card registry-form"
      aria-label={title}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) void save();
      }}
    >
      <h2>{title}</h2>
      {registry === undefined && (
        <TextField
          label={t('form.name')}
          value={draft.name}
          mono
          placeholder="registry.example:5000"
          onChange={(name) => {
            change({ name: name.trim().toLowerCase() });
          }}
          error={problems.name}
          help={t('form.nameHelp')}
        />
      )}
      <RegistryCredential
        registry={registry}
        draft={draft}
        secret={secret}
        onDraft={change}
        onSecret={setSecret}
        problem={problems.username}
      />
      {secret !== '' && storage !== undefined && (
        <>
          {needsConsent ? (
            <>
              <Warning>{t('form.notEncrypted', { explanation: storage.explanation })}</Warning>
              <CheckField
                label={t('form.writeToFile')}
                isChecked={isFileAllowed}
                onChange={setIsFileAllowed}
                help={t('form.writeToFileHelp')}
              />
            </>
          ) : (
            <p className="field-help">{storage.explanation}</p>
          )}
          <CheckField
            label={t('form.askFirst')}
            isChecked={isAskedFirst}
            onChange={setIsAskedFirst}
          />
        </>
      )}
      <fieldset className="registry-settings">
        <legend className="field-label">{t('form.reach')}</legend>
        <CheckField
          label={t('form.insecure')}
          isChecked={draft.isInsecure}
          onChange={(isInsecure) => {
            change({ isInsecure });
          }}
          help={t('form.insecureHelp')}
        />
        <div className="registry-row">
          <PathField
            label={t('form.authorities')}
            value={draft.caFile}
            wants="file"
            placeholder="~/certs/ca.pem"
            onChange={(caFile) => {
              change({ caFile });
            }}
            error={problems.caFile}
            help={t('form.authoritiesHelp')}
          />
          <TextField
            label={t('form.mirrors')}
            value={draft.mirrors}
            mono
            multiline
            rows={2}
            placeholder="mirror.example:5000"
            onChange={(mirrors) => {
              change({ mirrors });
            }}
            error={problems.mirrors}
            help={t('form.mirrorsHelp')}
          />
        </div>
      </fieldset>
      {call.error !== undefined && (
        <>
          <ErrorNotice {...describeError(call.error)} onDismiss={call.clearError} />
          {areSettingsKept && <p className="field-help">{t('form.settingsKept')}</p>}
        </>
      )}
      <TextField
        label={t('form.repository')}
        value={repository}
        mono
        placeholder="team/app"
        onChange={(typed) => {
          setRepository(typed.trim());
        }}
        help={t('form.repositoryHelp')}
      />
      {tester.run !== undefined && <TestSteps run={tester.run} />}
      <div className="registry-actions">
        <Button type="submit" variant="primary" disabled={!canSave}>
          {secret === '' ? t('form.save') : t('form.logInAndSave')}
        </Button>
        <Button
          icon={PlugZap}
          disabled={!isRight}
          onClick={() => {
            void tester.start({
              registry: draft.name,
              credential: credentialOfDraft(draft, secret),
              settings: settingsOfDraft(draft),
              repository,
            });
          }}
        >
          {t('form.test')}
        </Button>
        <Button variant="plain" onClick={onClose}>
          {translate('ui:cancel')}
        </Button>
      </div>
    </form>
  );
}
