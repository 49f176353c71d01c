import path from 'node:path';
import { runTool } from './run-tool.ts';

/** Builds the client of network-probe.c, static, so that it runs in any guest. */
export async function buildNetworkProbe(file: string): Promise<void> {
  const source = path.join(import.meta.dirname, 'network-probe.c');
  await runTool('cc', ['-O2', '-Wall', '-Werror', '-static', '-o', file, source]);
}
