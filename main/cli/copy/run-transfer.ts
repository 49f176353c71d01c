/** The bytes of a transfer and its operation, both to their end. */
import { leftOutExitCode, type FileTransfer } from '../../contract/files.ts';
import type { ExitStatus } from '../../contract/session.ts';
import type { HostClient } from '../../server/client/host-client.ts';
import { SessionClient, type SessionOutput } from '../../server/client/session-client.ts';
import { followOperation } from '../follow-operation.ts';
import { printable } from '../format.ts';
import type { Interrupts } from '../interrupts.ts';
import { write } from '../output.ts';

/** What was said besides is kept up to here. */
const maxWordsLength = 64 * 1024;

/** The bytes, from this side. */
export interface TransferWork {
  /** Sends what there is to send; without it nothing is. */
  readonly send?: (client: SessionClient) => Promise<void>;
  readonly onBytes?: (bytes: Uint8Array) => Promise<void>;
  /** Called when the sandbox has sent all of it, or what it did send. */
  readonly finish?: (isWhole: boolean) => Promise<void>;
}

/**
 * Follows the operation meanwhile; a signal cancels it. False where the sandbox left something out.
 * @throws ClientError why it failed, on whichever side that was; InterruptedError
 */
export async function runTransfer(
  host: HostClient,
  { session, operation }: FileTransfer,
  interrupts: Interrupts,
  work: TransferWork,
): Promise<boolean> {
  const following = followOperation(host, operation, interrupts);
  following.catch(() => undefined);
  let words = '';
  let exit: ExitStatus;
  try {
    const ours = Promise.withResolvers<never>();
    ours.promise.catch(() => undefined);
    const output: SessionOutput = {
      onStdout: async (bytes) => {
        await work.onBytes?.(bytes).catch(ours.reject);
      },
      onStderr: (bytes) => {
        words = (words + Buffer.from(bytes).toString()).slice(-maxWordsLength);
        return Promise.resolve();
      },
    };
    const client = new SessionClient(await host.openSession(session.id), output);
    try {
      exit = await Promise.race([move(client, work), ours.promise]);
    } finally {
      client.close();
    }
  } catch (error) {
    // What went wrong here is the reason, and the operation then only cancelled.
    await host.procedures.operations.cancel({ id: operation.id }).catch(() => undefined);
    await following.catch(() => undefined);
    interrupts.throwIfInterrupted();
    throw error;
  }
  await following;
  const lines = words.split('\n').filter((line) => line !== '');
  for (const line of lines) await write(process.stderr, `skerry: ${printable(line)}\n`);
  return exit.kind !== 'exited' || exit.code !== leftOutExitCode;
}

async function move(client: SessionClient, work: TransferWork): Promise<ExitStatus> {
  await work.send?.(client);
  const exit = await client.exit;
  const isDone = exit.kind === 'exited' && [0, leftOutExitCode].includes(exit.code);
  await work.finish?.(isDone);
  return exit;
}
