/**
 * Quitting lets go of the machines and leaves them running; the user is told so once, ever.
 * The host is closed before the process ends, but never waited for without end.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { app, dialog, type Event } from 'electron';
import type { Logger } from '../engine/index.ts';
import type { HostKeeper } from './host-keeper.ts';

/** What the sequence depends on. */
export interface QuitOptions {
  readonly hosts: Pick<HostKeeper, 'runningCount' | 'close'>;
  /** Empty file whose presence says that the user was told. */
  readonly toldFile: string;
  readonly logger: Logger;
  /** How long closing may take before the process ends without it, in milliseconds. */
  readonly closeLimitMs?: number;
}

const defaultCloseLimitMs = 10_000;

/** Follows `before-quit` from now on. Returns a function that quits without a question. */
export function sequenceQuit(options: QuitOptions): () => void {
  let phase: 'idle' | 'busy' | 'done' = 'idle';
  let quietly = false;

  const run = async (): Promise<void> => {
    if (!quietly && !(await mayQuit(options))) {
      phase = 'idle';
      return;
    }
    await closeInTime(options);
    phase = 'done';
    app.quit();
  };
  app.on('before-quit', (event: Pick<Event, 'preventDefault'>) => {
    if (phase === 'done') return;
    event.preventDefault();
    if (phase === 'busy') return;
    phase = 'busy';
    void run();
  });
  return () => {
    quietly = true;
    app.quit();
  };
}

async function mayQuit({ hosts, toldFile }: QuitOptions): Promise<boolean> {
  const count = hosts.runningCount();
  if (count === 0 || existsSync(toldFile)) return true;
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message:
      count === 1 ? 'One sandbox goes on running.' : `${String(count)} sandboxes go on running.`,
    detail:
      'Quitting Skerry does not stop sandboxes. They are there again when you start it, and `skerry ls` lists them. This is said once.',
    buttons: ['Quit', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response !== 0) return false;
  rememberTold(toldFile);
  return true;
}

function rememberTold(file: string): void {
  try {
    writeFileSync(file, '', { mode: 0o600 });
  } catch {
    // Then it is said again next time.
  }
}

async function closeInTime({ hosts, logger, closeLimitMs = defaultCloseLimitMs }: QuitOptions) {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      logger.warn('The host did not close in time', { closeLimitMs });
      resolve();
    }, closeLimitMs);
  });
  try {
    await Promise.race([hosts.close(), limit]);
  } catch (error) {
    logger.error('The host did not close', { error: String(error) });
  } finally {
    clearTimeout(timer);
  }
}
