import { execFile } from 'node:child_process';

/** Runs a tool to its end and returns its standard output. Throws with what it wrote on failure. */
export async function runTool(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string } = {},
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { cwd: options.cwd, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${[file, ...args].join(' ')}: ${stderr || error.message}`));
      },
    );
    // A tool that ends without reading its input is judged by its status, not by the pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}
