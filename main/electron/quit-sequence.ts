/**
 * Quitting lets go of the machines and leaves them running; the user is told so once, ever.
 * The host is closed before the process ends, but never waited for without end.
 */
import { app, dialog, type Event } from 'electron';
import type { Logger } from '../engine/index.ts';
import { say } from './desktop-words.ts';
import type { HostKeeper } from './host-keeper.ts';
import type { SaidOnce } from './small-file.ts';

/** What the sequence depends on. */
export interface QuitOptions {
  readonly hosts: Pick<HostKeeper, 'runningCount' | 'close'>;
  /** That sandboxes go on. */
  readonly told: SaidOnce;
  readonly logger: Logger;
  /** How long closing may take before the process ends without it, in milliseconds. */
  readonly closeLimitMs?: number;
}

const defaultCloseLimitMs = 10_000;

/** How the app is asked to end, and whether it is ending. */
export interface QuitSequence {
  /** Quits without a question. */
  readonly quitQuietly: () => void;
  /** Nothing is asked any more and the host is let go: windows may not hold it up. */
  readonly isUnderWay: boolean;
}

/** Follows `before-quit` from now on. */
export function sequenceQuit(options: QuitOptions): QuitSequence {
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
  return {
    quitQuietly: () => {
      quietly = true;
      app.quit();
    },
    get isUnderWay() {
      return phase === 'done';
    },
  };
}

async function mayQuit({ hosts, told }: QuitOptions): Promise<boolean> {
  const count = hosts.runningCount();
  if (count === 0 || told.wasSaid) return true;
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: say('quit.goOn', { count }),
    detail: say('quit.detail'),
    buttons: [say('quit.confirm'), say('quit.cancel')],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  if (response !== 0) return false;
  told.remember();
  return true;
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
