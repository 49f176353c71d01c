import type { Command } from 'commander';

/**
 * What follows the first operand of `exec`, `run` and `shell`: options of ours, then the command,
 * with or without `--` before it. Everything of the command is left as it is.
 */
export function splitCommand(command: Command, rest: readonly string[]): string[] {
  const [first] = rest;
  if (first === '--') return rest.slice(1);
  if (first?.startsWith('-') !== true) return [...rest];
  const { operands, unknown } = command.parseOptions([...rest]);
  const [wrong] = unknown;
  if (wrong !== undefined) {
    command.error(
      `error: unknown option '${wrong}'; a command with options of its own goes after --`,
    );
  }
  return operands;
}
