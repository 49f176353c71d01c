/** Which size a terminal has that several clients show. Pure. */
import type { AgentTerminalSize } from '../../agent/agent.ts';

/**
 * That of the client who asked for it, where it has said one; otherwise the smallest rows and the
 * smallest columns of all who have. Undefined where nobody has: then it stays what it was.
 */
export function sizeFor(
  said: readonly AgentTerminalSize[],
  mine: AgentTerminalSize | undefined,
): AgentTerminalSize | undefined {
  if (mine !== undefined) return mine;
  if (said.length === 0) return undefined;
  return {
    rows: Math.min(...said.map(({ rows }) => rows)),
    columns: Math.min(...said.map(({ columns }) => columns)),
  };
}

/** Whether two sizes are the same. */
export function isSameSize(a: AgentTerminalSize, b: AgentTerminalSize): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}
