/**
 * A host process that starts the machine of its first argument and saves it to its second, and
 * halts for good, without hearing anything, as soon as a part of the state is written. It says so.
 */
import { writeSync } from 'node:fs';
import { silentLogger } from '../base/logger.ts';
import type { VmSpec } from '../vm/driver.ts';
import { QemuDriver } from '../vm/qemu/qemu-driver.ts';

const [specText = '', statePath = ''] = process.argv.slice(2);
const vm = await new QemuDriver({ logger: silentLogger }).start(JSON.parse(specText) as VmSpec);
await vm.agentPortOpened();
await vm.pause();
await vm.save(statePath, {
  onProgress: () => {
    writeSync(1, 'saving\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
