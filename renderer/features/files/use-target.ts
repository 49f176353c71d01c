import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { FileEntry } from '../../../main/contract/files.ts';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { inspectPath, knownEntry, loadDirectory, revealInTree } from './directory-actions.ts';
import { useFilesScope } from './files-scope.tsx';
import { parentOf } from './guest-path.ts';
import { isDirectory } from './sort-entries.ts';

/** What the path of the address is. */
export type Target =
  | { readonly kind: 'directory' }
  | { readonly kind: 'file'; readonly entry: FileEntry }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/** Finds out what a path is, opens the tree down to it, and reads it where it is a directory. */
export function useTarget(path: string): Target {
  const scope = useFilesScope();
  const { store } = scope;
  const isConnected = useIsConnected();
  const entry = useStore(store, (state) => knownEntry(state, path));
  const inspected = useStore(store, (state) => state.inspected[path]);
  const isListed = useStore(store, (state) => state.listings[path]?.entries !== undefined);
  const isKnown = path === '/' || isListed || entry !== undefined;
  const isList = path === '/' || isListed || (entry !== undefined && isDirectory(entry));
  useEffect(() => {
    if (isConnected && !isKnown) void inspectPath(scope, path);
  }, [scope, path, isConnected, isKnown]);
  useEffect(() => {
    if (!isConnected || !isList) return;
    revealInTree(scope, path);
    void loadDirectory(scope, path);
  }, [scope, path, isConnected, isList]);
  useEffect(() => {
    if (isConnected && isKnown && !isList) revealInTree(scope, parentOf(path));
  }, [scope, path, isConnected, isKnown, isList]);
  if (isList) return { kind: 'directory' };
  if (entry !== undefined) return { kind: 'file', entry };
  if (inspected?.error !== undefined) return { kind: 'failed', error: inspected.error };
  return { kind: 'unknown' };
}
