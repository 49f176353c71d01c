/**
 * The initramfs of every sandbox: the agent as `/init`, and the modules it loads. The agent
 * mounts what else it needs.
 */
import { buildCpio, type CpioEntry } from './cpio.ts';
import type { GuestModule } from './kernel.ts';

/** An uncompressed initramfs; see `modules/load` for the order, one file name a line. */
export function buildInitramfs(agent: Uint8Array, modules: readonly GuestModule[]): Uint8Array {
  const directory = (path: string): CpioEntry => ({ type: 'directory', path, mode: 0o755 });
  const order = modules.map(({ fileName }) => `${fileName}\n`).join('');
  return buildCpio([
    ...['dev', 'modules', 'proc', 'sys'].map(directory),
    // The kernel opens it for /init before anything is mounted.
    { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { type: 'file', path: 'init', mode: 0o755, data: agent },
    { type: 'file', path: 'modules/load', mode: 0o644, data: Buffer.from(order) },
    ...modules.map(({ fileName, data }): CpioEntry => {
      return { type: 'file', path: `modules/${fileName}`, mode: 0o644, data };
    }),
  ]);
}
