/** A configuration checked by the contract alone: every problem at once, in words. Pure. */
import type { z } from 'zod';
import { createRequestSchema, sandboxConfigSchema, type SandboxConfig } from '../sandbox-config.ts';
import type { ConfigRemark } from './config-report.ts';

/** Most problems that are told; who has more begins with these. */
const maxProblems = 100;

/** What came of checking: the value with every default filled in, or what is wrong with it. */
export interface ParsedConfig<T> {
  /** Absent while there are problems. */
  readonly request?: T;
  readonly problems: readonly ConfigRemark[];
}

/** Checks a request to make a sandbox, whatever it is. Never throws. */
export function parseCreateRequest(
  input: unknown,
): ParsedConfig<z.output<typeof createRequestSchema>> {
  return parse(createRequestSchema, input);
}

/** Checks a configuration as it is without a request around it. Never throws. */
export function parseConfig(input: unknown): ParsedConfig<SandboxConfig> {
  return parse(sandboxConfigSchema, input);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): ParsedConfig<z.output<Schema>> {
  const { data, error } = schema.safeParse(input);
  if (error === undefined) return { request: data, problems: [] };
  const problems = error.issues.flatMap(remarksOf);
  const rest = problems.length - maxProblems;
  if (rest <= 0) return { problems };
  const message = `There are ${String(rest)} more problems.`;
  return { problems: [...problems.slice(0, maxProblems), { path: '', message }] };
}

/** A field that is not there has a path of its own, so that each one can be pointed at. */
function remarksOf(issue: z.core.$ZodIssue): ConfigRemark[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ path: pathOf(issue.path), message: issue.message }];
  }
  return issue.keys.map((key) => ({
    path: pathOf([...issue.path, key]),
    message: `There is no field "${key}" here.`,
  }));
}

function pathOf(parts: readonly PropertyKey[]): string {
  return parts.map(String).join('.');
}
