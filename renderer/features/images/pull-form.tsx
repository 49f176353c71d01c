import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { problemOfReference } from './build-draft.ts';
import { pullImage } from './image-actions.ts';
import { ImageField } from './image-field.tsx';
import { imageStore } from './image-store.ts';
import { noLogin, PullLoginFields } from './pull-login.tsx';

/** One line that gets an image from its registry. */
export function PullForm() {
  const { t } = useTranslation('images');
  const { connection } = useBridge();
  const draft = useStore(imageStore, (state) => state.draft);
  const error = useStore(imageStore, (state) => state.pullError);
  const problem = problemOfReference(draft);
  const [login, setLogin] = useState(noLogin);
  const hasLogin = login.username !== '' && login.password !== '';
  const isNobody = login.username === '' && login.password === '';
  const isComplete = draft !== '' && problem === undefined && (hasLogin || isNobody);
  const pull = async () => {
    // Whatever comes of it, the password was sent and has to be typed again.
    setLogin(noLogin);
    const operation = await pullImage(connection.client, draft, hasLogin ? login : undefined);
    if (operation !== undefined) imageStore.setState({ draft: '' });
  };
  return (
    <form
      className="pull-form"
      aria-label={t('pull.title')}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete) void pull();
      }}
    >
      <ImageField
        label={t('pull.reference')}
        value={draft}
        onChange={(value) => {
          imageStore.setState({ draft: value });
        }}
        error={problem}
        after={
          <Button type="submit" icon={Download} variant="primary" disabled={!isComplete}>
            {t('pull.submit')}
          </Button>
        }
      />
      <PullLoginFields reference={draft} login={login} onChange={setLogin} />
      {error !== undefined && (
        <ErrorNotice
          {...describeError(error)}
          onDismiss={() => {
            imageStore.setState({ pullError: undefined });
          }}
        />
      )}
    </form>
  );
}
