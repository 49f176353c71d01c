/** Runs tools: with their output shown, or kept. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { projectDir, toolEnvironment } from './project.mjs';

/** A step that cannot go on; the message is for the user, and no stack is shown. */
export class SetUpError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetUpError';
  }
}

/**
 * Runs a command to its end.
 * @param {string[]} command
 * @param {{ output?: 'show' | 'keep', env?: Record<string, string>, onLine?: (line: string) => void }} [options]
 *   `show` passes standard input and both outputs through; `keep` returns the outputs.
 * @returns {Promise<{ code: number, output: string }>} 127 where there is no such command
 */
export function run([program, ...args], { output = 'keep', env = {}, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: projectDir,
      env: { ...toolEnvironment(), ...env },
      stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let unfinishedLine = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (onLine === undefined) return;
        const lines = (unfinishedLine + chunk).split('\n');
        unfinishedLine = lines.pop() ?? '';
        lines.forEach(onLine);
      });
    }
    child.on('error', (error) => {
      resolve({ code: 127, output: `${program}: ${error.message}` });
    });
    child.on('close', (code, signal) => {
      resolve({ code: code ?? 128, output: signal === null ? text : `${text}${signal}\n` });
    });
  });
}

/** Whether there is a program of this name on the path. */
export async function hasProgram(name) {
  const { code } = await run(['sh', '-c', 'command -v "$1"', 'sh', name]);
  return code === 0;
}

/** As root, apt and Electron behave otherwise. */
export function isRoot() {
  return process.getuid?.() === 0;
}
