/**
 * The initramfs of every sandbox: the agent as `/init`, and the modules it loads. The agent
 * mounts what else it needs.
 */
import { buildCpio, type CpioEntry } from './cpio.ts';
import type { GuestModule, ModuleLists } from './kernel.ts';

/**
 * An uncompressed initramfs. `modules/load` has what every guest loads, `modules/load-NAME` what is
 * loaded when it is asked for; both in the order of loading, one file name a line.
 */
export function buildInitramfs(
  agent: Uint8Array,
  always: readonly GuestModule[],
  onDemand: ModuleLists,
): Uint8Array {
  const directory = (path: string): CpioEntry => ({ type: 'directory', path, mode: 0o755 });
  const list = (path: string, modules: readonly GuestModule[]): CpioEntry => {
    const order = modules.map(({ fileName }) => `${fileName}\n`).join('');
    return { type: 'file', path, mode: 0o644, data: Buffer.from(order) };
  };
  const modules = new Map(
    [always, ...onDemand.values()].flat().map((module) => [module.fileName, module]),
  );
  return buildCpio([
    ...['dev', 'modules', 'proc', 'sys'].map(directory),
    // The kernel opens it for /init before anything is mounted.
    { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { type: 'file', path: 'init', mode: 0o755, data: agent },
    list('modules/load', always),
    ...[...onDemand].map(([name, of]) => list(`modules/load-${name}`, of)),
    ...[...modules.values()].map(({ fileName, data }): CpioEntry => {
      return { type: 'file', path: `modules/${fileName}`, mode: 0o644, data };
    }),
  ]);
}
