import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { UploadItem } from './upload-items.ts';
import { perSandbox } from './per-sandbox.ts';

/** Files on their way in or out. */
export interface Transfer {
  readonly id: number;
  readonly kind: 'upload' | 'download';
  /** The name of the one file or directory, or of the archive. */
  readonly subject: string;
  /** How many files and directories there are besides it. */
  readonly others: number;
  /** Of the sandbox: where they go to or come from. */
  readonly directory: string;
  readonly bytesDone: number;
  /** Undefined where that is not known. */
  readonly bytesTotal: number | undefined;
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly error: ErrorData | undefined;
  /** Lines about what could not be read on either side, and is not there now. */
  readonly leftOut: readonly string[];
}

/** Lines about what was left out that are kept of one transfer. */
const maxLeftOut = 200;

/** What comes under names that are taken, until it was said what to do. */
export interface PendingUpload {
  readonly directory: string;
  readonly items: readonly UploadItem[];
  /** Names of the directory. */
  readonly taken: ReadonlySet<string>;
}

/** The transfers of one sandbox; they go on whatever page is open. */
export interface TransferState {
  /** The newest first. */
  readonly transfers: readonly Transfer[];
  /** The first is asked about. */
  readonly pending: readonly PendingUpload[];
}

/** A store of the transfers of one sandbox. */
export type TransferStore = StoreApi<TransferState>;

/** Makes an empty store. */
export function createTransferStore(): TransferStore {
  return createStore<TransferState>(() => ({ transfers: [], pending: [] }));
}

/** The transfers of a sandbox, by its id. */
export const transferStoreOf = perSandbox(createTransferStore);

/** Transfers that are kept; the oldest that have ended go first. */
const maxTransfers = 50;

let lastId = 0;

/** Puts a transfer that begins into the store. */
export function addTransfer(
  store: TransferStore,
  begun: Pick<Transfer, 'kind' | 'subject' | 'others' | 'directory' | 'bytesTotal'>,
): Transfer {
  lastId += 1;
  const transfer: Transfer = {
    ...begun,
    ...{ id: lastId, bytesDone: 0, state: 'running', error: undefined, leftOut: [] },
  };
  store.setState(({ transfers }) => {
    const running = transfers.filter(({ state }) => state === 'running');
    const others = transfers.slice(0, maxTransfers - 1);
    return {
      transfers: [
        transfer,
        ...transfers.filter((one) => others.includes(one) || running.includes(one)),
      ],
    };
  });
  return transfer;
}

/** Changes a transfer. */
export function updateTransfer(store: TransferStore, id: number, change: Partial<Transfer>): void {
  store.setState(({ transfers }) => ({
    transfers: transfers.map((one) => (one.id === id ? { ...one, ...change } : one)),
  }));
}

/** Says of a transfer what was left out. */
export function addLeftOut(store: TransferStore, id: number, lines: readonly string[]): void {
  const before = store.getState().transfers.find((one) => one.id === id);
  if (before === undefined || lines.length === 0) return;
  updateTransfer(store, id, { leftOut: [...before.leftOut, ...lines].slice(0, maxLeftOut) });
}

/** Takes a transfer that has ended off the page. */
export function dismissTransfer(store: TransferStore, id: number): void {
  store.setState(({ transfers }) => ({
    transfers: transfers.filter((one) => one.id !== id || one.state === 'running'),
  }));
}
