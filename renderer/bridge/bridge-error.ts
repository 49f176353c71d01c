import { ORPCError } from '@orpc/client';
import { errorCodes, type ErrorCode } from '../../main/contract/error-codes.ts';
import { errorDataSchema, type ErrorData } from '../../main/contract/error.ts';
import { hintOfError, titleOfError } from '../words/error-words.ts';
import { translate } from '../words/language.ts';

/** A failure of the bridge itself, in the form that the engine's failures have. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly data: ErrorData;

  constructor(code: ErrorCode, message: string, hint: string = errorCodes[code].hint) {
    super(message);
    this.data = { code, message, hint };
  }
}

/** The form in which the window shows any thrown value. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof BridgeError) return error.data;
  if (error instanceof ORPCError) {
    const data = errorDataSchema.safeParse(error.data);
    if (data.success) return data.data;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new BridgeError('internal/unexpected', message).data;
}

/** The command line that does by hand what failed, where the error names one. */
export function commandOfError({ details }: ErrorData): string | undefined {
  const command = details?.['command'];
  return typeof command === 'string' ? command : undefined;
}

/** The name of a detail in words: `Exit code`. It is what the engine calls it, in every language. */
function wordsOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * An error in words, for the notice that shows it: long details apart, short ones together. The
 * report is for whoever mends it, and as the engine's messages it is English.
 */
export function describeError(error: ErrorData) {
  const known = Object.entries(error.details ?? {}).map(([name, value]) => ({
    label: wordsOf(name),
    text: typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  }));
  const isShort = ({ text }: { readonly text: string }) => /^.{0,200}$/.test(text);
  const short = known.filter(isShort).map(({ label, text }) => `${label}: ${text}`);
  const evidence = (shortLabel: string) => [
    ...known.filter((one) => !isShort(one)),
    ...(short.length === 0 ? [] : [{ label: shortLabel, text: short.join('\n') }]),
  ];
  const { code, message } = error;
  const report = () =>
    [
      `${errorCodes[code].title} (${code})`,
      message,
      `Hint: ${error.hint}`,
      ...evidence('Details').flatMap(({ label, text }) => ['', `${label}:`, text]),
    ].join('\n');
  return {
    title: titleOfError(code),
    code,
    message,
    hint: hintOfError(error),
    details: evidence(translate('ui:details')),
    report,
  };
}
