/** The `skerry` command. Everything but the compile cache is loaded after the cache is on. */
import { enableCompileCache } from 'node:module';
import path from 'node:path';

// In the checkout and not in the system's shared temporary directory, where others may write.
enableCompileCache(path.resolve(import.meta.dirname, '../../node_modules/.cache/skerry-cli'));
const { runProgram } = await import('./program.ts');
const exitCode = await runProgram(process.argv.slice(2));
// What is left (an open stdin, a socket that closes) must not keep the command.
process.exit(exitCode);
