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
  const { reference, login, onChange } = props;
  const parsed = parseImageReference(reference);
  const where = parsed.ok ? parsed.reference.registry : 'the registry of the image';
  const { username, password } = login;
  return (
    <details className="pull-login">
      <summary>Log in for this pull only</summary>
      <div className="pull-login-row">
        <TextField
          label="User"
          value={username}
          mono
          onChange={(typed) => {
            onChange({ ...login, username: typed });
          }}
          error={username === '' && password !== '' ? 'A password needs its user.' : undefined}
        />
        <TextField
          label="Password"
          value={password}
          isSecret
          onChange={(typed) => {
            onChange({ ...login, password: typed });
          }}
          error={username !== '' && password === '' ? 'A user needs a password.' : undefined}
        />
      </div>
      <p className="field-help">
        It goes to {where} and is kept nowhere. To keep one, log in on the Registries page.
      </p>
    </details>
  );
}
