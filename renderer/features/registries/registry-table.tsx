import { EllipsisVertical, LogOut, Pencil, PlugZap, Trash2, TriangleAlert, X } from 'lucide-react';
import { Fragment, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
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
  const { t } = useTranslation('registries');
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
      onChanged(how === 'logout' ? t('table.loggedOut', { name }) : t('table.removed', { name }));
    }
  };
  return (
    <>
      {call.error !== undefined && (
        <ErrorNotice {...describeError(call.error)} onDismiss={call.clearError} />
      )}
      <div className="registry-frame">
        <table className="table" aria-label={t('table.label')}>
          <thead>
            <tr>
              <th scope="col">{t('table.registry')}</th>
              <th scope="col">{t('table.credential')}</th>
              <th scope="col">{t('table.reach')}</th>
              <th scope="col" className="table-actions">
                <span className="visually-hidden">{t('table.actions')}</span>
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
                      <CopyIconButton
                        text={registry.name}
                        what={t('table.copyName', { name: registry.name })}
                      />
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
                        aria-label={t('table.testOf', { name: registry.name })}
                        onClick={() => {
                          void tester.start({ registry: registry.name });
                        }}
                      >
                        {t('table.test')}
                      </Button>
                      <IconButton
                        icon={Pencil}
                        label={t('table.edit', { name: registry.name })}
                        onClick={() => {
                          tester.clear();
                          onEdit(registry);
                        }}
                      />
                      <ActionMenu
                        trigger={
                          <IconButton
                            icon={EllipsisVertical}
                            label={t('table.actionsFor', { name: registry.name })}
                          />
                        }
                        entries={[
                          {
                            label: t('table.logOut'),
                            icon: LogOut,
                            isDisabled: registry.credential?.source !== 'skerry',
                            onSelect: () => {
                              setGoing({ registry, how: 'logout' });
                            },
                          },
                          {
                            label: t('table.remove'),
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
                        <IconButton icon={X} label={t('table.closeTest')} onClick={tester.clear} />
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
  const { t } = useTranslation('registries');
  if (problem !== undefined) {
    return (
      <span className="registry-problem">
        <TriangleAlert className="icon" aria-hidden />
        <span>{t('table.unreadable', { problem })}</span>
      </span>
    );
  }
  if (credential === undefined) return <span className="quiet">{t('table.noLogin')}</span>;
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
  const { t } = useTranslation('registries');
  const { isInsecure, caFile, mirrors } = settings;
  if (!isInsecure && caFile === undefined && mirrors.length === 0) {
    return <span className="quiet">{t('table.plain')}</span>;
  }
  return (
    <ul className="registry-marks">
      {isInsecure && (
        <li className="registry-mark registry-mark-warn">
          <TriangleAlert className="icon" aria-hidden />
          {t('table.insecure')}
        </li>
      )}
      {caFile !== undefined && (
        <li className="registry-mark" title={caFile}>
          {t('table.ownAuthorities')}
        </li>
      )}
      {mirrors.length > 0 && (
        <li className="registry-mark" title={mirrors.join('\n')}>
          {mirrors.length === 1
            ? t('table.mirror', { name: mirrors[0] ?? '' })
            : t('table.mirrors', { count: mirrors.length })}
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
  const { t } = useTranslation('registries');
  const { going, onConfirm, onClose } = props;
  const credential = going?.registry.credential;
  const isOurs = credential?.source === 'skerry';
  const isLogout = going?.how === 'logout';
  const name = going?.registry.name ?? '';
  return (
    <ConfirmDialog
      isOpen={going !== undefined}
      title={isLogout ? t('logOut.title', { name }) : t('remove.title', { name })}
      confirmLabel={isLogout ? t('logOut.confirm') : t('remove.confirm')}
      isDangerous
      onClose={onClose}
      onConfirm={() => {
        if (going !== undefined) onConfirm(going);
      }}
    >
      <ul>
        <li>
          <Trans
            t={t}
            i18nKey={
              isLogout
                ? isOurs
                  ? 'logOut.goesOurs'
                  : 'logOut.goesNothing'
                : isOurs
                  ? 'remove.goesOurs'
                  : 'remove.goesReach'
            }
          />
        </li>
        <li>
          <Trans t={t} i18nKey={isLogout ? 'logOut.stays' : 'remove.stays'} />{' '}
          {credential !== undefined &&
            !isOurs &&
            t('staysTheirs', { source: describeSource(credential), where: credential.where })}
          {isOurs && t('staysOthers')}
        </li>
      </ul>
    </ConfirmDialog>
  );
}
