/** Whether this user's `ping` can ask for echoes on behalf of sandboxes: decided by asking this machine for one. */
import { run } from './child-process.ts';
import { findProgram } from './find-program.ts';
import { withSudo } from './kvm-probe.ts';

/** What came of asking. */
export interface EchoSupport {
  readonly usable: boolean;
  /** What was seen, in words with the values. */
  readonly evidence: string;
  /** A command line that mends it. */
  readonly fix?: string;
}

const timeoutMs = 3000;

/** @param searchPath where to look for `ping`; the PATH of this process by default */
export async function probeEcho(searchPath?: string): Promise<EchoSupport> {
  const ping = await findProgram('ping', searchPath);
  if (ping === undefined) {
    const evidence = 'There is no ping on the PATH, so that those of sandboxes are not answered.';
    return { usable: false, evidence, fix: withSudo('apt-get install -y iputils-ping') };
  }
  try {
    const { exitCode, stderr } = await run(ping.path, ['-n', '-q', '-c', '1', '127.0.0.1'], {
      timeoutMs,
    });
    if (exitCode === 0) return { usable: true, evidence: `${ping.path} is answered.` };
    const said = stderr.trim().split('\n')[0] ?? '';
    return { usable: false, evidence: `${ping.path} failed: ${said || 'nobody answered.'}` };
  } catch (error) {
    return { usable: false, evidence: `${ping.path} cannot be started: ${String(error)}` };
  }
}
