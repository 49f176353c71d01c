import { KeyRound, Plus } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Registry, SecretStorage } from '../../../main/contract/registry.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { EmptyState, Page } from '../../ui/page.tsx';
import { RegistryForm } from './registry-form.tsx';
import { RegistryTable } from './registry-table.tsx';
import { isKept } from './registry-words.ts';
import './registries-view.css';

/** Which form is open: of a registry that is there, or of a new one. */
type Editing = { readonly name: string } | undefined;

/** Registries that there is something to know of, and the form that adds or changes one. */
export function RegistriesView(props: {
  /** From a link: the registry whose form is opened. */
  readonly chosen: string | undefined;
  /** The form was closed; the address forgets what was chosen. */
  readonly onClosed: () => void;
}) {
  const { t } = useTranslation('registries');
  const { chosen, onClosed } = props;
  const { registries, storage, error, reload } = useRegistries();
  const [editing, setEditing] = useState<Editing>(
    chosen === undefined ? undefined : { name: chosen },
  );
  const [notice, setNotice] = useState('');
  const close = () => {
    setEditing(undefined);
    onClosed();
  };
  const edited = editing && registries?.find(({ name }) => name === editing.name);
  const isEmpty = registries?.every((one) => one.credential === undefined && !isKept(one)) ?? false;
  return (
    <Page
      title={<h1>{t('title')}</h1>}
      actions={
        <Button
          icon={Plus}
          variant="primary"
          onClick={() => {
            setEditing({ name: '' });
          }}
        >
          {t('add')}
        </Button>
      }
    >
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {notice !== '' && <p role="status">{notice}</p>}
      {editing !== undefined && registries !== undefined && (
        <RegistryForm
          // Another registry has a form of its own, and no secret is carried over.
          key={`${edited === undefined ? 'new' : 'edit'} ${editing.name}`}
          registry={edited}
          name={editing.name}
          storage={storage}
          onSaved={() => {
            void reload();
          }}
          onClose={close}
        />
      )}
      {isEmpty && editing === undefined && (
        <EmptyState icon={KeyRound} title={t('emptyTitle')}>
          {t('empty')}
        </EmptyState>
      )}
      {registries !== undefined && registries.length > 0 && (
        <RegistryTable
          registries={registries}
          onEdit={({ name }) => {
            setEditing({ name });
          }}
          onChanged={(text) => {
            setNotice(text);
            void reload();
          }}
        />
      )}
    </Page>
  );
}

function useRegistries() {
  const { connection } = useBridge();
  const [registries, setRegistries] = useState<readonly Registry[]>();
  const [storage, setStorage] = useState<SecretStorage>();
  const [error, setError] = useState<ErrorData>();
  const reload = useCallback(async () => {
    const client = connection.client.registries;
    const [listed, kept] = await Promise.allSettled([client.list(), client.storage()]);
    if (listed.status === 'fulfilled') setRegistries(listed.value);
    // A login is refused where nobody knows how it would be kept; everything else goes on.
    if (kept.status === 'fulfilled') setStorage(kept.value);
    const failed = [listed, kept].find(({ status }) => status === 'rejected');
    setError(failed?.status === 'rejected' ? toErrorData(failed.reason) : undefined);
  }, [connection]);
  const isConnected = useIsConnected();
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it is set when the host has answered
    if (isConnected) void reload();
  }, [reload, isConnected]);
  return { registries, storage, error, reload };
}
