/**
 * What every start does, done once in a guest that nobody has yet: an emulated processor translates
 * code when it first runs, and keeps what it has translated for as long as its process lives.
 */
import { randomBytes } from 'node:crypto';
import type { Agent } from '../../agent/agent.ts';
import { AppError } from '../../base/app-error.ts';
import { guestNetwork } from '../plan-boot.ts';

/** Serials of the disks that the guest is to have. */
export interface RehearsalDisks {
  readonly lowerSerial: string;
  readonly upperSerial: string;
}

/** A shell on a busy host. */
const shellTimeoutMs = 20_000;
const prompt = '$> ';
const entropyBytes = 64;
const maxKeptCharacters = 4096;

/**
 * Sets a fork of the agent up, and talks to a shell in it. The guest is as before.
 * @throws AppError `agent/…`, `exec/…`, `operation/cancelled`
 */
export async function rehearse(
  agent: Agent,
  { lowerSerial, upperSerial }: RehearsalDisks,
  signal: AbortSignal,
): Promise<void> {
  await agent.beginRehearsal(signal);
  await agent.setUp(
    {
      hostname: 'skerry',
      root: { kind: 'image', lowerSerial, upperSerial },
      volumes: [],
      hasScripts: false,
      patches: [],
      network: guestNetwork(),
      nowMs: Date.now(),
      entropy: randomBytes(entropyBytes),
    },
    signal,
  );
  await talkToShell(agent, AbortSignal.any([signal, AbortSignal.timeout(shellTimeoutMs)]));
  await agent.endRehearsal(signal);
}

/** Up to its second prompt: it has started a process then, too. */
async function talkToShell(agent: Agent, signal: AbortSignal): Promise<void> {
  const session = await agent.exec(
    {
      command: ['/bin/sh'],
      env: { PATH: '/bin', TERM: 'xterm-256color', HOME: '/', PS1: prompt },
      workdir: '/',
      tty: { rows: 24, columns: 80 },
    },
    signal,
  );
  await new Promise<void>((resolve, reject) => {
    let text = '';
    let prompts = 0;
    const fail = (): void => {
      const seen = `${String(prompts)} prompts, and then ${JSON.stringify(text)}`;
      reject(new AppError('agent/timeout', `The shell of the rehearsal gave ${seen}.`));
    };
    signal.addEventListener('abort', fail, { once: true });
    session.attach({
      onStdout: (bytes) => {
        session.acknowledge(bytes.length);
        // No more of it than could have the beginning of a prompt, and something for a person.
        text = (text + Buffer.from(bytes).toString('latin1')).slice(-maxKeptCharacters);
        for (let at = text.indexOf(prompt); at >= 0; at = text.indexOf(prompt)) {
          text = text.slice(at + prompt.length);
          prompts += 1;
          const line = prompts === 1 ? '/bin/ls -l / /proc/self/\n' : 'exit\n';
          session.write(Buffer.from(line)).catch(fail);
        }
      },
      onStderr: () => undefined,
      onExit: () => {
        signal.removeEventListener('abort', fail);
        resolve();
      },
      onDisconnect: reject,
    });
  });
}
