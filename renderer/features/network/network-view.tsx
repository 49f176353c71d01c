import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { DecisionSection } from './decision-section.tsx';
import { ListenersSection } from './listeners-section.tsx';
import { NetworkHead } from './network-head.tsx';
import { changeNetwork } from './network-store.ts';
import { PortsSection } from './ports-section.tsx';
import { RulesSection } from './rules-section.tsx';
import { useListeners, useNetwork } from './use-network.ts';
import { WhatWouldHappen } from './what-would-happen.tsx';
import './network-view.css';

/** The network of one sandbox: what passes, by which rules, and what can be reached in it. */
export function NetworkView(props: { readonly name: string; readonly isRunning: boolean }) {
  const { t } = useTranslation('network');
  const { name, isRunning } = props;
  const { connection } = useBridge();
  const { network } = connection.client;
  const store = useNetwork(name);
  const status = useStore(store, (state) => state.status);
  const watchError = useStore(store, (state) => state.watchError);
  const actionError = useStore(store, (state) => state.actionError);
  // What is published changes what is said of a listener.
  const published = status?.ports.map(({ port }) => port).join(' ') ?? '';
  const listeners = useListeners(name, isRunning, published);

  const change = (work: Parameters<typeof changeNetwork>[1]) => void changeNetwork(store, work);
  const changePort = async (work: () => Promise<unknown>) => {
    store.setState({ actionError: undefined });
    try {
      await work();
    } catch (error) {
      store.setState({ actionError: toErrorData(error) });
    }
  };
  if (status === undefined) {
    return watchError === undefined ? (
      <p className="quiet">{t('asking', { name })}</p>
    ) : (
      <ErrorNotice {...describeError(watchError)} />
    );
  }
  return (
    <>
      <NetworkHead
        status={status}
        onPolicy={(policy) => changeNetwork(store, () => network.set({ name, policy }))}
      />
      {watchError !== undefined && <ErrorNotice {...describeError(watchError)} />}
      {actionError !== undefined && (
        <ErrorNotice
          {...describeError(actionError)}
          onDismiss={() => {
            store.setState({ actionError: undefined });
          }}
        />
      )}
      <div className="network-columns">
        <DecisionSection
          store={store}
          isRunning={isRunning}
          onChoose={(choice) => {
            change(() => network.decide({ name, ...choice }));
          }}
        />
        <div className="network-side">
          <PortsSection
            status={status}
            onAdd={(port) => network.addPort({ name, port })}
            onRemove={(port) => void changePort(() => network.removePort({ name, port }))}
          />
          <ListenersSection
            listeners={listeners}
            isRunning={isRunning}
            onPublish={(port) => void changePort(() => network.addPort({ name, port }))}
          />
          <RulesSection
            status={status}
            onForget={(destination) => {
              change(() => network.forget({ name, destination }));
            }}
          />
          <WhatWouldHappen
            policyKey={JSON.stringify(status.rules)}
            ask={(question, signal) => network.test({ name, ...question }, { signal })}
          />
        </div>
      </div>
    </>
  );
}
