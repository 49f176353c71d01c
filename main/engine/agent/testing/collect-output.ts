/**
 * Reads a session to its end, using each byte as it comes.
 */
import type { ExitStatus } from '../../../contract/session.ts';
import type { AgentSession } from '../agent.ts';

/** Everything that a session said. */
export interface Collected {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exit: ExitStatus;
}

/** Attaches to a session. Rejects where the connection is lost before the session has ended. */
export function collect(session: AgentSession): Promise<Collected> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    session.attach({
      onStdout: (bytes) => {
        stdout.push(bytes);
        session.acknowledge(bytes.length);
      },
      onStderr: (bytes) => {
        stderr.push(bytes);
        session.acknowledge(bytes.length);
      },
      onExit: (exit) => {
        resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), exit });
      },
      onDisconnect: reject,
    });
  });
}
