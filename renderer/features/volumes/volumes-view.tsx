import { Database, Plus, Ruler, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { volumeNameSchema } from '../../../main/contract/config/volume.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { NamedVolume } from '../../../main/contract/volume.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Copyable } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState, Page } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { inLanguage } from '../../words/language.ts';
import './volumes-view.css';

/** Named volumes: what there is, who uses it, and what it occupies. */
export function VolumesView({ sandboxHref }: { readonly sandboxHref: (name: string) => string }) {
  const { t } = useTranslation('volumes');
  const { connection } = useBridge();
  const [volumes, setVolumes] = useState<readonly NamedVolume[]>();
  const [error, setError] = useState<ErrorData>();
  const [name, setName] = useState('');
  const [changes, setChanges] = useState(0);
  const [going, setGoing] = useState<NamedVolume>();
  const wrong = name === '' ? undefined : volumeNameSchema.safeParse(name).error?.issues[0];
  const problem = wrong && inLanguage(wrong.message);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected) return;
    let isGone = false;
    connection.client.volumes.list().then(
      (listed) => {
        if (!isGone) setVolumes(listed);
      },
      (thrown: unknown) => {
        if (!isGone) setError(toErrorData(thrown));
      },
    );
    return () => {
      isGone = true;
    };
  }, [connection, changes, isConnected]);
  const act = async (work: () => Promise<unknown>) => {
    setError(undefined);
    try {
      await work();
    } catch (thrown) {
      setError(toErrorData(thrown));
    }
    setChanges((before) => before + 1);
  };
  const inspect = async (volume: NamedVolume) => {
    setError(undefined);
    try {
      const measured = await connection.client.volumes.inspect({ name: volume.name });
      setVolumes((before) => before?.map((one) => (one.name === measured.name ? measured : one)));
    } catch (thrown) {
      setError(toErrorData(thrown));
    }
  };
  return (
    <Page title={<h1>{t('title')}</h1>}>
      <form
        className="volumes-form"
        aria-label={t('make')}
        onSubmit={(event) => {
          event.preventDefault();
          if (name === '' || problem !== undefined) return;
          void act(() => connection.client.volumes.create({ name })).then(() => {
            setName('');
          });
        }}
      >
        <TextField
          label={t('name')}
          value={name}
          mono
          onChange={setName}
          placeholder="cache"
          error={problem}
          help={t('nameHelp')}
          after={
            <Button
              type="submit"
              icon={Plus}
              variant="primary"
              disabled={name === '' || problem !== undefined}
            >
              {t('submit')}
            </Button>
          }
        />
      </form>
      {error !== undefined && (
        <ErrorNotice
          {...describeError(error)}
          onDismiss={() => {
            setError(undefined);
          }}
        />
      )}
      {volumes?.length === 0 && (
        <EmptyState icon={Database} title={t('emptyTitle')}>
          {t('empty')}
        </EmptyState>
      )}
      {volumes !== undefined && volumes.length > 0 && (
        <table className="volumes-table">
          <thead>
            <tr>
              <th scope="col">{t('table.name')}</th>
              <th scope="col">{t('table.usedBy')}</th>
              <th scope="col">{t('table.size')}</th>
              <th scope="col">{t('table.path')}</th>
              <th scope="col">{t('table.made')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('table.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {volumes.map((volume) => (
              <tr key={volume.name}>
                <th scope="row" className="mono">
                  {volume.name}
                </th>
                <td>
                  {volume.usedBy.length === 0 && <span className="quiet">{t('table.nobody')}</span>}
                  {volume.usedBy.map((user, index) => (
                    <span key={user}>
                      {index > 0 && ', '}
                      <a href={sandboxHref(user)}>{user}</a>
                    </span>
                  ))}
                </td>
                <td>
                  {volume.diskBytes === undefined ? (
                    <IconButton
                      icon={Ruler}
                      label={t('table.measure', { name: volume.name })}
                      onClick={() => void inspect(volume)}
                    />
                  ) : (
                    formatBytes(volume.diskBytes)
                  )}
                </td>
                <td>
                  <Copyable value={volume.path} what={t('table.copyPath')} />
                </td>
                <td>
                  <Ago atMs={volume.createdAtMs} />
                </td>
                <td>
                  <IconButton
                    icon={Trash2}
                    label={t('table.remove', { name: volume.name })}
                    onClick={() => {
                      setGoing(volume);
                    }}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ConfirmDialog
        isOpen={going !== undefined}
        title={t('remove.title', { name: going?.name ?? '' })}
        confirmLabel={t('remove.confirm')}
        isDangerous
        onClose={() => {
          setGoing(undefined);
        }}
        onConfirm={() => {
          if (going !== undefined) {
            void act(() => connection.client.volumes.remove({ name: going.name }));
          }
        }}
      >
        <p>
          <Trans t={t} i18nKey="remove.goes" />
        </p>
      </ConfirmDialog>
    </Page>
  );
}
