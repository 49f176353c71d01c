import { fileFieldOf } from '../contract/config/file-fields.ts';
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
  const lines = [...wordsOf(message, details), `→ ${printable(hint)} (${code})`];
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

/** Fields about whose value the message says enough. */
const plainFields: ReadonlySet<string> = new Set(['', 'name', 'image', 'reference']);

/** One line, or one for each thing that is wrong with a configuration, by its name in a file. */
function wordsOf(message: string, details: ErrorData['details']): string[] {
  const issues = issuesOf(details);
  const [first, ...others] = issues;
  if (first === undefined) return [`skerry: ${printable(message)}`];
  if (others.length === 0) {
    const line = plainFields.has(first.field) ? first.message : lineOf(first);
    return [`skerry: ${printable(line)}`];
  }
  const lines = issues.map((issue) => `  ${printable(lineOf(issue))}`);
  return [`skerry: There are ${String(issues.length)} problems.`, ...lines];
}

function lineOf({ field, message }: Issue): string {
  return field === '' ? message : `${fileFieldOf(field)}: ${message}`;
}

interface Issue {
  readonly field: string;
  readonly message: string;
}

function issuesOf(details: ErrorData['details']): Issue[] {
  const issues = details?.['issues'];
  if (!Array.isArray(issues)) return [];
  return issues.filter(
    (issue): issue is { field: string; message: string } =>
      typeof issue === 'object' &&
      issue !== null &&
      !Array.isArray(issue) &&
      typeof issue['field'] === 'string' &&
      typeof issue['message'] === 'string',
  );
}
