/** The least a machine can do: the same kernel, no disks, an init that says a word. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buildCpio } from '../native-helpers/guest-kernel/cpio.ts';

/** What the init says, at first and for each line that it reads. */
const bareWord = 'skerry-bare-init';

const initSource = `
#include <unistd.h>
int main(void) {
	char line[80];
	do {
		if (write(1, "${bareWord}\\n", ${String(bareWord.length + 1)}) < 0) return 1;
	} while (read(0, line, sizeof line) > 0);
	for (;;) pause();
}
`;

/** What a bare boot needs. */
export interface BareBoot {
  readonly kernelPath: string;
  readonly kernelArguments: readonly string[];
  readonly initramfsPath: string;
}

/** A machine whose console can be read. */
type BareChild = ChildProcess & { readonly stdout: Readable };

/** Makes an initramfs that holds that init alone. */
export async function buildBareInitramfs(dir: string): Promise<string> {
  const source = path.join(dir, 'init.c');
  const init = path.join(dir, 'init');
  await writeFile(source, initSource);
  execFileSync('cc', ['-static', '-Os', '-o', init, source]);
  const archive = path.join(dir, 'bare.cpio');
  await writeFile(
    archive,
    buildCpio([
      { type: 'directory', path: 'dev', mode: 0o755 },
      { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
      { type: 'file', path: 'init', mode: 0o755, data: await readFile(init) },
    ]),
  );
  return archive;
}

/** A bare machine that runs. */
export interface StartedMachine {
  readonly child: BareChild;
  /** From the start of its process to the word of its init. */
  readonly seconds: number;
}

/** Boots a bare machine up to the first word of its init. */
export async function startBareBoot(boot: BareBoot): Promise<StartedMachine> {
  const startedAtMs = performance.now();
  const child = spawn('qemu-system-x86_64', argumentsOf(boot), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await untilBareWord(child);
  return { child, seconds: (performance.now() - startedAtMs) / 1000 };
}

/** Reads what a bare machine says up to its word. @throws Error where it ends before */
export async function untilBareWord(child: BareChild): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      output += chunk.toString('latin1');
      if (!output.includes(bareWord)) return;
      child.stdout.off('data', onData);
      resolve();
    };
    child.stdout.on('data', onData);
    child.once('exit', () => {
      reject(new Error(`The bare machine ended; it had said: ${output}`));
    });
  });
}

/** Ends a process and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** What every bare machine has: the machine of sandboxes with one CPU, and a console on stdio. */
export const bareMachineArguments = [
  ...['-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'],
  ...['-global', 'virtio-mmio.force-legacy=false', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
  ...['-smp', '1', '-m', '512', '-serial', 'stdio'],
];

/** The kernel, and the words for it. */
export function bareKernelArguments(boot: BareBoot): string[] {
  return [
    ...['-kernel', boot.kernelPath, '-initrd', boot.initramfsPath],
    ...['-append', ['console=ttyS0', ...boot.kernelArguments].join(' ')],
  ];
}

function argumentsOf(boot: BareBoot): string[] {
  return [...bareMachineArguments, '-M', 'microvm,ioapic2=on', ...bareKernelArguments(boot)];
}
