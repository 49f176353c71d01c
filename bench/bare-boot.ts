/** The least a machine can do: the same kernel, no disks, an init that says a word and ends. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildCpio } from '../native-helpers/guest-kernel/cpio.ts';

const word = 'skerry-bare-init';

const initSource = `
#include <unistd.h>
int main(void) {
	if (write(1, "${word}\\n", ${String(word.length + 1)}) < 0) return 1;
	for (;;) pause();
}
`;

/** What a bare boot needs. */
export interface BareBoot {
  readonly kernelPath: string;
  readonly kernelArguments: readonly string[];
  readonly initramfsPath: string;
}

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

/** Seconds from the start of the process to the first word of its init. */
export async function bareBoot(boot: BareBoot): Promise<number> {
  const startedAtMs = performance.now();
  const child = spawn('qemu-system-x86_64', argumentsOf(boot), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes(word)) break;
  }
  const elapsedMs = performance.now() - startedAtMs;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  if (!output.includes(word)) throw new Error(`The bare machine said: ${output}`);
  return elapsedMs / 1000;
}

function argumentsOf(boot: BareBoot): string[] {
  return [
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-M', 'microvm,ioapic2=on', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
    ...['-smp', '1', '-m', '512', '-serial', 'stdio'],
    ...['-kernel', boot.kernelPath, '-initrd', boot.initramfsPath],
    ...['-append', ['console=ttyS0', ...boot.kernelArguments].join(' ')],
  ];
}
