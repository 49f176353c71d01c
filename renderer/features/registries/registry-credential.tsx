import { useTranslation } from 'react-i18next';
import type { Registry } from '../../../main/contract/registry.ts';
import { TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import type { RegistryDraft } from './registry-draft.ts';
import { describeSource } from './registry-words.ts';

/** Who one is at a registry: a user with a password, or an identity token. */
export function RegistryCredential(props: {
  readonly registry: Registry | undefined;
  readonly draft: RegistryDraft;
  readonly secret: string;
  readonly onDraft: (part: Partial<RegistryDraft>) => void;
  readonly onSecret: (secret: string) => void;
  readonly problem: string | undefined;
}) {
  const { t } = useTranslation('registries');
  const { registry, draft, secret, onDraft, onSecret, problem } = props;
  const credential = registry?.credential;
  const isToken = draft.kind === 'identity-token';
  return (
    <>
      <div className="registry-row">
        <SelectField
          label={t('credential.label')}
          value={draft.kind}
          options={[
            { value: 'password', label: t('credential.password') },
            { value: 'identity-token', label: t('credential.identityToken') },
          ]}
          onChange={(kind) => {
            onDraft({ kind });
            onSecret('');
          }}
        />
        {!isToken && (
          <TextField
            label={t('credential.user')}
            value={draft.username}
            mono
            onChange={(username) => {
              onDraft({ username });
            }}
            error={problem}
          />
        )}
        <TextField
          label={isToken ? t('credential.tokenField') : t('credential.passwordField')}
          value={secret}
          isSecret
          onChange={onSecret}
          help={
            credential?.source === 'skerry' ? t('credential.keepHelp') : t('credential.noneHelp')
          }
        />
      </div>
      {credential !== undefined && credential.source !== 'skerry' && (
        <p className="field-help">
          {t('credential.inUse', { source: describeSource(credential), where: credential.where })}
        </p>
      )}
    </>
  );
}
