/** From what was seen of a machine's end to why it ended. Pure. */
import { z } from 'zod';
import type { VmExit } from '../driver.ts';

/** Data of QMP's SHUTDOWN event. QEMU, qapi/run-state.json. */
export const shutdownEventSchema = z.object({ guest: z.boolean(), reason: z.string() });

/** What was seen. */
export interface EndEvidence {
  /** `kill()` was called. */
  readonly killed: boolean;
  /** `quit()` was called. */
  readonly quitRequested: boolean;
  /** Why the driver itself ended a machine that had stopped working. */
  readonly fault: string | undefined;
  readonly shutdown: z.infer<typeof shutdownEventSchema> | undefined;
  /** `exit code 1`, `signal SIGKILL` */
  readonly process: string;
  readonly monitorLogTail: string;
  /** The guest's own text. */
  readonly consoleTail: string;
}

/** Why it ended. A kernel that panics restarts, which its console alone tells from a restart. */
export function exitReason(evidence: EndEvidence): VmExit {
  const { shutdown, fault } = evidence;
  if (evidence.killed) return { reason: 'killed', detail: 'It was killed.' };
  if (fault !== undefined) return { reason: 'crash', detail: fault };
  if (shutdown?.guest === true) {
    const panic = /Kernel panic - not syncing[\x20-\x7e]{0,200}/.exec(evidence.consoleTail)?.[0];
    if (shutdown.reason === 'guest-reset' && panic !== undefined) {
      return { reason: 'crash', detail: panic };
    }
    return { reason: 'shutdown', detail: `The guest asked for it (${shutdown.reason}).` };
  }
  if (evidence.quitRequested) return { reason: 'shutdown', detail: 'It was asked to quit.' };
  const lastLine = evidence.monitorLogTail.split('\n').at(-1) ?? '';
  const words = [`QEMU ended with ${evidence.process}.`, lastLine];
  return { reason: 'crash', detail: words.filter((word) => word !== '').join(' ') };
}
