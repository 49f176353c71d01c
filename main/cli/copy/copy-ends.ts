/** What `skerry cp` copies from and to. */
import path from 'node:path';
import { sandboxNameSchema } from '../../contract/sandbox-name.ts';
import { UsageError } from '../exit-code.ts';
import { streamName } from '../spool.ts';

/** A file of a sandbox. */
export interface GuestEnd {
  readonly sandbox: string;
  /** Absolute, without a slash or a `/.` at its end. */
  readonly path: string;
  /** It was written with a slash at its end: it has to be a directory. */
  readonly isDirectory: boolean;
  /** It was written with `/.` at its end: what is in the directory is meant. */
  readonly isContents: boolean;
}

/** The same of this machine. */
export type LocalEnd = Omit<GuestEnd, 'sandbox'>;

/** One way of copying. */
export type Copy =
  | { readonly to: 'sandbox'; readonly source: LocalEnd | 'stdin'; readonly target: GuestEnd }
  | { readonly to: 'here'; readonly source: GuestEnd; readonly target: LocalEnd | 'stdout' };

/** Reads both operands. @throws UsageError where it is no copy between this machine and a sandbox */
export function parseCopy(source: string, target: string): Copy {
  const from = parseGuestEnd(source);
  const to = parseGuestEnd(target);
  if (from !== undefined && to !== undefined) {
    throw new UsageError(
      'Files go between a sandbox and this machine: copy them here first, or pipe one copy into ' +
        `another: skerry cp ${source} - | skerry cp - ${target}`,
    );
  }
  if (to !== undefined) {
    return {
      to: 'sandbox',
      source: source === streamName ? 'stdin' : localEnd(source),
      target: to,
    };
  }
  if (from !== undefined) {
    return {
      to: 'here',
      source: from,
      target: target === streamName ? 'stdout' : localEnd(target),
    };
  }
  throw new UsageError('One of the two has to be in a sandbox, as in web:/etc/hosts.');
}

/** `NAME:PATH`; a path of this machine that has a colon is written with a slash before it. */
function parseGuestEnd(text: string): GuestEnd | undefined {
  const [, sandbox = '', of = ''] = /^([^/:]*):(.*)$/s.exec(text) ?? [];
  if (!sandboxNameSchema.safeParse(sandbox).success) return undefined;
  const { isDirectory, isContents } = ending(of);
  return { sandbox, path: path.posix.resolve('/', of), isDirectory, isContents };
}

function localEnd(text: string): LocalEnd {
  return { ...ending(text), path: path.resolve(text) };
}

function ending(text: string): Pick<LocalEnd, 'isDirectory' | 'isContents'> {
  const isContents = /(?:^|\/)\.$/.test(text);
  return { isContents, isDirectory: isContents || /(?:^|\/)(?:\.\.)?$/.test(text) };
}
