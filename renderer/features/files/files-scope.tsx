import { createContext, use, useMemo, type ReactNode } from 'react';
import { useBridge, type Bridge } from '../../bridge/bridge-context.tsx';
import { directoryStoreOf } from './directory-store.ts';
import { documentStoreOf, type DocumentStore } from './document-store.ts';
import { transferStoreOf } from './transfer-store.ts';
import type { TransferScope } from './transfers.ts';

/** The files of the sandbox whose page is open, and how to get about in them. */
export interface FilesScope extends TransferScope {
  readonly bridge: Bridge;
  readonly documents: DocumentStore;
  readonly hrefOf: (path: string) => string;
  /** Leads to the address of a path, so that the way back leads here. */
  readonly open: (path: string) => void;
}

const ScopeContext = createContext<FilesScope | undefined>(undefined);

/** Props of {@link FilesScopeProvider}. */
export interface FilesScopeProps {
  readonly id: string;
  readonly name: string;
  readonly hrefOf: (path: string) => string;
  readonly onOpen: (path: string) => void;
}

/** Gives the files of one sandbox to everything below. */
export function FilesScopeProvider(props: FilesScopeProps & { readonly children: ReactNode }) {
  const { id, name, hrefOf, onOpen, children } = props;
  const bridge = useBridge();
  const scope = useMemo(
    (): FilesScope => ({
      ...{ bridge, name, hrefOf },
      client: bridge.connection.client,
      store: directoryStoreOf(id),
      documents: documentStoreOf(id),
      transfers: transferStoreOf(id),
      open: onOpen,
    }),
    [bridge, id, name, hrefOf, onOpen],
  );
  return <ScopeContext value={scope}>{children}</ScopeContext>;
}

/** See {@link FilesScope}. */
export function useFilesScope(): FilesScope {
  const scope = use(ScopeContext);
  if (scope === undefined) throw new Error('useFilesScope was called outside FilesScopeProvider.');
  return scope;
}

/** The texts of the sandbox, as their actions take them. */
export function documentsOf({ client, name, documents }: FilesScope) {
  return { client, name, store: documents };
}
