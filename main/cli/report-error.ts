import type { ErrorData } from '../contract/error.ts';
import { toClientError } from '../server/client/client-error.ts';
import { InterruptedError, isBrokenPipe, UsageError } from './exit-code.ts';
import { printable } from './format.ts';

/** What is written to stderr for an error; undefined where silence says enough. */
export function describeFailure(error: unknown, asJson: boolean): string | undefined {
  if (error instanceof InterruptedError || isBrokenPipe(error)) return undefined;
  if (error instanceof UsageError) return `skerry: ${error.message}\n`;
  const { data } = toClientError(error);
  return asJson ? `${JSON.stringify({ error: data })}\n` : describeForPeople(data);
}

function describeForPeople({ code, message, hint, details }: ErrorData): string {
  const lines = [`skerry: ${printable(message)}`, `→ ${printable(hint)} (${code})`];
  const consoleTail = details?.['consoleTail'];
  if (typeof consoleTail === 'string') {
    lines.push(
      ...printable(consoleTail)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  }
  return `${lines.join('\n')}\n`;
}
