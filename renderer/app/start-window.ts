import type { Bridge } from '../bridge/bridge-context.tsx';
import { connect } from '../bridge/connection.ts';
import type { Transport } from '../bridge/transport.ts';
import { checkHost } from '../features/host/host-store.ts';
import { applyImageEvent, imageStore } from '../features/images/image-store.ts';
import { applyOperationEvent, operationStore } from '../features/operations/operation-store.ts';
import { applySandboxEvent, sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { applySnapshotEvent, snapshotStore } from '../features/snapshots/snapshot-store.ts';
import { rememberTerminals, restoreTerminals } from '../features/terminals/remembered-terminals.ts';
import { tellNews } from './news/tell-news.ts';
import { tellDesktop } from './tell-desktop.ts';
import { reattachTerminals } from '../features/terminals/terminal-store.ts';
import { openTabStorage } from './window-storage.ts';

/** Connects the window: events go to the stores, and terminals come back after a reconnection. */
export function startWindow(transport: Transport): Bridge {
  const connection = connect({
    transport,
    onEvent: (event) => {
      applySandboxEvent(sandboxStore, event);
      applySnapshotEvent(snapshotStore, event);
      applyImageEvent(imageStore, event);
      applyOperationEvent(operationStore, event, Date.now());
    },
  });

  const { desktop } = transport;
  tellNews(() => {
    if (desktop === undefined) window.focus();
    else desktop.showWindow();
  });
  if (desktop !== undefined) {
    tellDesktop((preferences) => {
      desktop.setPreferences(preferences);
    });
  }

  // A window begins where it ended; a second browser tab must not take over the first's.
  const storage = transport.kind === 'electron' ? Promise.resolve(localStorage) : openTabStorage();
  let isFirst = true;
  connection.state.subscribe(({ status }) => {
    if (status !== 'connected') return;
    void checkHost(connection.client);
    if (isFirst) {
      isFirst = false;
      void storage.then((opened) => {
        restoreTerminals(opened);
        rememberTerminals(opened);
      });
    } else {
      reattachTerminals();
    }
  });
  const retry = () => {
    connection.retryNow();
  };
  window.addEventListener('online', retry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') retry();
  });
  return {
    kind: transport.kind,
    connection,
    openSession: (sessionId, handlers) => transport.openSession(sessionId, handlers),
    choosePath: transport.choosePath,
  };
}
