/** One pull in a process of its own: DIRECTORY REFERENCE. Prints its peak of memory (proc(5), VmHWM) in KiB. */
import { readFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import path from 'node:path';

// As the `skerry` command has it; see main/cli/main.ts.
const cacheDir = path.resolve(import.meta.dirname, '../node_modules/.cache/skerry-bench');
enableCompileCache(cacheDir);
process.env['NODE_COMPILE_CACHE'] = cacheDir;
const { silentLogger } = await import('../main/engine/index.ts');
const { ImageLibrary } = await import('../main/engine/image/image-library.ts');

const [dir = '', reference = ''] = process.argv.slice(2);
const library = await ImageLibrary.open({ dir, logger: silentLogger });
await library.pull(reference);
await library.close();
const status = await readFile('/proc/self/status', 'utf8');
console.log(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
