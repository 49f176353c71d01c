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
  const { registry, draft, secret, onDraft, onSecret, problem } = props;
  const credential = registry?.credential;
  const isToken = draft.kind === 'identity-token';
  return (
    <>
      <div className="registry-row">
        <SelectField
          label="Credential"
          value={draft.kind}
          options={[
            { value: 'password', label: 'User and password' },
            { value: 'identity-token', label: 'Identity token' },
          ]}
          onChange={(kind) => {
            onDraft({ kind });
            onSecret('');
          }}
        />
        {!isToken && (
          <TextField
            label="User"
            value={draft.username}
            mono
            onChange={(username) => {
              onDraft({ username });
            }}
            error={problem}
          />
        )}
        <TextField
          label={isToken ? 'Token' : 'Password'}
          value={secret}
          isSecret
          onChange={onSecret}
          help={
            credential?.source === 'skerry'
              ? 'Leave it empty to keep the one that is there.'
              : 'Leave it empty for no login of Skerry’s.'
          }
        />
      </div>
      {credential !== undefined && credential.source !== 'skerry' && (
        <p className="field-help">
          The credential in use is kept by {describeSource(credential)} ({credential.where}). Skerry
          never writes there; what is typed here is kept by Skerry and used instead.
        </p>
      )}
    </>
  );
}
