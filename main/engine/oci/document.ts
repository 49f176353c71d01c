/** JSON documents from a registry or a layout: bounded, decoded strictly, checked by a schema. */
import type { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { quote } from './quote.ts';

/** Bounds on what a stranger's documents may hold. */
export const limits = {
  manifestBytes: 4 * 1024 * 1024,
  configBytes: 8 * 1024 * 1024,
  /** As many as an overlay in the Linux kernel stacks comfortably, and as Docker pushes. */
  layers: 127,
  indexEntries: 1024,
  layerBytes: 64 * 1024 ** 3,
  /** Elements and fields of a document together: each that is wrong is a finding of the schema. */
  documentValues: 100_000,
} as const;

/** Where a document came from, for messages. */
export interface DocumentOrigin {
  /** `docker.io/library/alpine:latest`, or the path of a layout or an archive. */
  readonly name: string;
  /** Code of the error that a document without sense is. */
  readonly malformed: 'registry/bad-answer' | 'image/unsupported' | 'image/archive-invalid';
}

/**
 * Reads a JSON document. Throws the origin's `malformed` for anything the schema does not take, and
 * for more than `maxValues` elements and fields.
 */
export function parseDocument<Schema extends z.ZodType>(
  bytes: Uint8Array,
  what: string,
  schema: Schema,
  origin: DocumentOrigin,
  maxValues: number = limits.documentValues,
): z.output<Schema> {
  const fail = (problem: string): AppError =>
    new AppError(origin.malformed, `${what} of ${quote(origin.name)} ${problem}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The error of the parser quotes the text, which may be a token.
    throw fail('is not JSON.');
  }
  if (hasMoreValues(value, maxValues)) {
    throw fail(`has more than ${String(maxValues)} elements and fields.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  throw fail(`is malformed at ${quote(path)}: ${quote(issue?.message ?? '')}`);
}

function hasMoreValues(document: unknown, max: number): boolean {
  const waiting = [document];
  for (let count = 0; waiting.length > 0;) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
    count += parts.length;
    if (count > max) return true;
    for (const part of parts) waiting.push(part);
  }
  return false;
}
