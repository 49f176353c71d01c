import { EllipsisVertical, LogOut, Pencil, PlugZap, Trash2, TriangleAlert, X } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { Registry } from '../../../main/contract/registry.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyIconButton } from '../../ui/copy.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ActionMenu } from '../../ui/menu.tsx';
import { describeSource, describeUser, isKept } from './registry-words.ts';
import { TestSteps } from './test-steps.tsx';
import { useRegistryTest } from './use-registry-test.ts';

interface Going {
  readonly registry: Registry;
  readonly how: 'logout' | 'remove';
}

/** Each registry with who one is there, how it is reached, and a test of it. */
export function RegistryTable(props: {
  readonly registries: readonly Registry[];
  readonly onEdit: (registry: Registry) => void;
  /** Something was taken away; in words. */
  readonly onChanged: (text: string) => void;
}) {
  const { registries, onEdit, onChanged } = props;
  const { connection } = useBridge();
  const tester = useRegistryTest();
  const call = useCall();
  const [going, setGoing] = useState<Going>();
  const take = async ({ registry: { name }, how }: Going) => {
    const client = connection.client.registries;
    const isDone = await call.run(() =>
      how === 'logout' ? client.logout({ registry: name }) : client.remove({ registry: name }),
    );
    if (isDone) {
      // It told of a login that is gone.
      tester.clear();
      onChanged(how === 'logout' ? `Logged out of ${name}.` : `${name} was removed.`);
    }
  };
  return (
    <>
      {call.error !== undefined && (
        <ErrorNotice {...describeError(call.error)} onDismiss={call.clearError} />
      )}
      <div className="registry-frame">
        <table className="table" aria-label="Registries">
          <thead>
            <tr>
              <th scope="col">Registry</th>
              <th scope="col">Credential</th>
              <th scope="col">How it is reached</th>
              <th scope="col" className="table-actions">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {registries.map((registry) => (
              <Fragment key={registry.name}>
                <tr>
                  <td>
                    <span className="copyable">
                      <span className="mono">{registry.name}</span>
                      <CopyIconButton text={registry.name} what={`name ${registry.name}`} />
                    </span>
                  </td>
                  <td>
                    <Who registry={registry} />
                  </td>
                  <td>
                    <Marks registry={registry} />
                  </td>
                  <td className="table-actions">
                    <div>
                      <Button
                        icon={PlugZap}
                        aria-label={`Test ${registry.name}`}
                        onClick={() => {
                          void tester.start({ registry: registry.name });
                        }}
                      >
                        Test
                      </Button>
                      <IconButton
                        icon={Pencil}
                        label={`Edit ${registry.name}`}
                        onClick={() => {
                          tester.clear();
                          onEdit(registry);
                        }}
                      />
                      <ActionMenu
                        trigger={
                          <IconButton
                            icon={EllipsisVertical}
                            label={`Actions for ${registry.name}`}
                          />
                        }
                        entries={[
                          {
                            label: 'Log out…',
                            icon: LogOut,
                            isDisabled: registry.credential?.source !== 'skerry',
                            onSelect: () => {
                              setGoing({ registry, how: 'logout' });
                            },
                          },
                          {
                            label: 'Remove…',
                            icon: Trash2,
                            isDangerous: true,
                            isDisabled: !isKept(registry),
                            onSelect: () => {
                              setGoing({ registry, how: 'remove' });
                            },
                          },
                        ]}
                      />
                    </div>
                  </td>
                </tr>
                {tester.run?.registry === registry.name && (
                  <tr className="registry-test">
                    <td colSpan={4}>
                      <div className="registry-test-row">
                        <TestSteps run={tester.run} />
                        <IconButton icon={X} label="Close the test" onClick={tester.clear} />
                      </div>
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <GoingDialog
        going={going}
        onConfirm={(confirmed) => {
          void take(confirmed);
        }}
        onClose={() => {
          setGoing(undefined);
        }}
      />
    </>
  );
}

function Who({ registry: { credential, problem } }: { readonly registry: Registry }) {
  if (problem !== undefined) {
    return (
      <span className="registry-problem">
        <TriangleAlert className="icon" aria-hidden />
        <span>Cannot be read. {problem}</span>
      </span>
    );
  }
  if (credential === undefined) return <span className="quiet">no login</span>;
  return (
    <>
      <span className="mono">{describeUser(credential)}</span>
      <div className="quiet" title={credential.where}>
        {describeSource(credential)}
      </div>
    </>
  );
}

function Marks({ registry: { settings } }: { readonly registry: Registry }) {
  const { isInsecure, caFile, mirrors } = settings;
  if (!isInsecure && caFile === undefined && mirrors.length === 0) {
    return <span className="quiet">as any other</span>;
  }
  return (
    <ul className="registry-marks">
      {isInsecure && (
        <li className="registry-mark registry-mark-warn">
          <TriangleAlert className="icon" aria-hidden />
          insecure
        </li>
      )}
      {caFile !== undefined && (
        <li className="registry-mark" title={caFile}>
          own authorities
        </li>
      )}
      {mirrors.length > 0 && (
        <li className="registry-mark" title={mirrors.join('\n')}>
          {mirrors.length === 1
            ? `mirror ${mirrors[0] ?? ''}`
            : `${String(mirrors.length)} mirrors`}
        </li>
      )}
    </ul>
  );
}

function GoingDialog(props: {
  readonly going: Going | undefined;
  readonly onConfirm: (going: Going) => void;
  readonly onClose: () => void;
}) {
  const { going, onConfirm, onClose } = props;
  const credential = going?.registry.credential;
  const isOurs = credential?.source === 'skerry';
  const isLogout = going?.how === 'logout';
  const name = going?.registry.name ?? '';
  return (
    <ConfirmDialog
      isOpen={going !== undefined}
      title={isLogout ? `Log out of ${name}?` : `Remove ${name}?`}
      confirmLabel={isLogout ? 'Log out' : 'Remove'}
      isDangerous
      onClose={onClose}
      onConfirm={() => {
        if (going !== undefined) onConfirm(going);
      }}
    >
      <ul>
        <li>
          <strong>Goes:</strong>{' '}
          {isOurs ? 'the credential that Skerry keeps' : 'nothing of a credential'}
          {!isLogout && `${isOurs ? ', and' : ', only'} how the registry is reached`}.
        </li>
        <li>
          <strong>Stays:</strong> images that came from it
          {isLogout && ', and how it is reached'}.
          {credential !== undefined && !isOurs && (
            <>
              {' '}
              The credential of {describeSource(credential)} ({credential.where}) stays too, and is
              still used: Skerry never writes there.
            </>
          )}
          {isOurs && ' Docker and Podman keep what they have.'}
        </li>
      </ul>
    </ConfirmDialog>
  );
}
