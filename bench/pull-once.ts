/** One pull in a process of its own: DIRECTORY REFERENCE. Prints its peak of memory (proc(5), VmHWM) in KiB. */
import { readFile } from 'node:fs/promises';
import { silentLogger } from '../main/engine/index.ts';
import { ImageLibrary } from '../main/engine/image/image-library.ts';

const [dir = '', reference = ''] = process.argv.slice(2);
const library = await ImageLibrary.open({ dir, logger: silentLogger });
await library.pull(reference);
await library.close();
const status = await readFile('/proc/self/status', 'utf8');
console.log(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
