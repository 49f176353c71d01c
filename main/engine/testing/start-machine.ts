/** A host process of one machine: starts what its argument says, prints the pid, and waits. */
import { silentLogger } from '../base/logger.ts';
import type { VmSpec } from '../vm/driver.ts';
import { QemuDriver } from '../vm/qemu/qemu-driver.ts';

const spec = JSON.parse(process.argv[2] ?? '') as VmSpec;
const vm = await new QemuDriver({ logger: silentLogger }).start(spec);
process.stdout.write(`${String(vm.pid)}\n`);
await vm.exited;
