import { useTranslation } from 'react-i18next';
import { parseImageReference } from '../../../main/contract/image-reference.ts';
import { TextField } from '../../ui/field.tsx';

/** Who asks for one pull, as it is typed. */
export interface PullLogin {
  readonly username: string;
  readonly password: string;
}

/** Nobody: what is kept for the registry is used. */
export const noLogin: PullLogin = { username: '', password: '' };

/** A login for one pull, folded away; the password lives in the form alone, until it is sent. */
export function PullLoginFields(props: {
  readonly reference: string;
  readonly login: PullLogin;
  readonly onChange: (login: PullLogin) => void;
}) {
  const { t } = useTranslation('images');
  const { reference, login, onChange } = props;
  const parsed = parseImageReference(reference);
  const { username, password } = login;
  return (
    <details className="pull-login">
      <summary>{t('pull.login')}</summary>
      <div className="pull-login-row">
        <TextField
          label={t('pull.user')}
          value={username}
          mono
          onChange={(typed) => {
            onChange({ ...login, username: typed });
          }}
          error={username === '' && password !== '' ? t('pull.noUser') : undefined}
        />
        <TextField
          label={t('pull.password')}
          value={password}
          isSecret
          onChange={(typed) => {
            onChange({ ...login, password: typed });
          }}
          error={username !== '' && password === '' ? t('pull.noPassword') : undefined}
        />
      </div>
      <p className="field-help">
        {parsed.ok
          ? t('pull.goesTo', { registry: parsed.reference.registry })
          : t('pull.goesToRegistry')}
      </p>
    </details>
  );
}
