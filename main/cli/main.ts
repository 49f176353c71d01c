/** The `skerry` command. Everything but the compile cache is loaded after the cache is on. */
import { enableCompileCache } from 'node:module';
import path from 'node:path';

// In the checkout and not in the system's shared temporary directory, where others may write.
// `bin/skerry` says the same to Node itself: without it this very file would have its types
// stripped each time, by a program that takes longer to load than all that follows.
const cacheDir = path.resolve(import.meta.dirname, '../../node_modules/.cache/skerry-cli');
enableCompileCache(cacheDir);
// Worker threads look for it there, and need less time and memory with it.
process.env['NODE_COMPILE_CACHE'] = cacheDir;
const { runProgram } = await import('./program.ts');
const exitCode = await runProgram(process.argv.slice(2));
// What is left (an open stdin, a socket that closes) must not keep the command.
process.exit(exitCode);
