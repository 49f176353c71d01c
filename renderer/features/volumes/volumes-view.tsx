import { Database, Plus, Ruler, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
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
import './volumes-view.css';

/** Named volumes: what there is, who uses it, and what it occupies. */
export function VolumesView({ sandboxHref }: { readonly sandboxHref: (name: string) => string }) {
  const { connection } = useBridge();
  const [volumes, setVolumes] = useState<readonly NamedVolume[]>();
  const [error, setError] = useState<ErrorData>();
  const [name, setName] = useState('');
  const [changes, setChanges] = useState(0);
  const [going, setGoing] = useState<NamedVolume>();
  const problem =
    name === '' ? undefined : volumeNameSchema.safeParse(name).error?.issues[0]?.message;
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
    <Page title={<h1>Volumes</h1>}>
      <form
        className="volumes-form"
        aria-label="Make a volume"
        onSubmit={(event) => {
          event.preventDefault();
          if (name === '' || problem !== undefined) return;
          void act(() => connection.client.volumes.create({ name })).then(() => {
            setName('');
          });
        }}
      >
        <TextField
          label="Volume name"
          value={name}
          mono
          onChange={setName}
          placeholder="cache"
          error={problem}
          help="A sandbox that mounts a volume by a new name makes it as well."
          after={
            <Button
              type="submit"
              icon={Plus}
              variant="primary"
              disabled={name === '' || problem !== undefined}
            >
              Make
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
        <EmptyState icon={Database} title="No volumes yet">
          A named volume is a directory that sandboxes mount and that outlives them: a cache, a
          workspace, the data of a server.
        </EmptyState>
      )}
      {volumes !== undefined && volumes.length > 0 && (
        <table className="volumes-table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Used by</th>
              <th scope="col">Size</th>
              <th scope="col">Path</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
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
                  {volume.usedBy.length === 0 && <span className="quiet">nobody</span>}
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
                      label={`Measure ${volume.name}`}
                      onClick={() => void inspect(volume)}
                    />
                  ) : (
                    formatBytes(volume.diskBytes)
                  )}
                </td>
                <td>
                  <Copyable value={volume.path} what="path of the volume" />
                </td>
                <td>
                  <Ago atMs={volume.createdAtMs} />
                </td>
                <td>
                  <IconButton
                    icon={Trash2}
                    label={`Remove ${volume.name}`}
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
        title={`Remove ${going?.name ?? ''}?`}
        confirmLabel="Remove"
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
          <strong>Goes:</strong> every file in it. There is no way back.
        </p>
      </ConfirmDialog>
    </Page>
  );
}
