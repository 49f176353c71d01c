/** The form of a build, and what is wrong with it. Pure. */
import { isLocalPath } from '../../../main/contract/config/local-path.ts';
import { imageReferenceSchema } from '../../../main/contract/image-reference.ts';
import type { ImageProgram } from '../../../main/contract/image-transfer.ts';
import { inLanguage, translate } from '../../words/language.ts';

/** As it was typed, right or wrong. */
export interface BuildDraft {
  readonly context: string;
  readonly file: string;
  readonly tag: string;
  readonly target: string;
  /** One `NAME=value` on each line. */
  readonly buildArgs: string;
  readonly noCache: boolean;
  /** `first`: whichever is there. */
  readonly program: ImageProgram | 'first';
}

/** An empty form. */
export const emptyBuildDraft: BuildDraft = {
  context: '',
  file: '',
  tag: '',
  target: '',
  buildArgs: '',
  noCache: false,
  program: 'first',
};

/** Why a reference cannot be used; undefined for one that can, and while nothing is typed. */
export function problemOfReference(text: string): string | undefined {
  if (text === '') return undefined;
  const problem = imageReferenceSchema.safeParse(text).error?.issues[0]?.message;
  return problem && inLanguage(problem);
}

/** Why a path cannot be used; undefined for one that can, and while nothing is typed. */
export function problemOfPath(text: string): string | undefined {
  if (text === '' || isLocalPath(text)) return undefined;
  return translate('images:problem.path');
}

/** The arguments by their names, or the first line that is none. */
export function parseBuildArgs(
  text: string,
):
  | { readonly values: Readonly<Record<string, string>>; readonly problem?: never }
  | { readonly problem: string } {
  const values = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(0, equals)).trim();
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      return { problem: translate('images:problem.notNameValue', { line: index + 1 }) };
    }
    if (values.has(name)) return { problem: translate('images:problem.twice', { name }) };
    values.set(name, line.slice(equals + 1));
  }
  return { values: Object.fromEntries(values) };
}

/** What is asked of the host, or undefined while the form is not complete. */
export function requestOfBuild(draft: BuildDraft) {
  const { context, file, tag, target, noCache, program } = draft;
  const args = parseBuildArgs(draft.buildArgs);
  if (context === '' || tag === '' || args.problem !== undefined) return undefined;
  if (problemOfPath(context) !== undefined || problemOfReference(tag) !== undefined) {
    return undefined;
  }
  return {
    ...{ context, tag, noCache, buildArgs: args.values },
    ...(file === '' ? {} : { file }),
    ...(target === '' ? {} : { target }),
    ...(program === 'first' ? {} : { program }),
  };
}
