/**
 * A host process of one machine: starts what its argument says, prints the pid, and waits.
 * With a user id behind it, it becomes that user first, with a group besides its own, as people
 * have; everything is loaded by then, so that the user need not be able to read the checkout.
 */
import { silentLogger } from '../base/logger.ts';
import { QemuDriver } from '../vm/qemu/qemu-driver.ts';
import type { VmSpec } from '../vm/driver.ts';
import { findShareTools } from './share-tools.ts';

const [specText = '', uid, toolsDirectory] = process.argv.slice(2);
let spec = JSON.parse(specText) as VmSpec;
if (uid !== undefined && toolsDirectory !== undefined && spec.shares !== undefined) {
  process.setgroups?.([Number(uid), 100]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
  spec = { ...spec, shares: { ...spec.shares, tools: await findShareTools(toolsDirectory) } };
}
const vm = await new QemuDriver({ logger: silentLogger }).start(spec);
process.stdout.write(`${String(vm.pid)}\n`);
await vm.exited;
