/** Which of docker, podman and buildah are on this machine, and whether they work. */
import type { FoundProgram, ImageProgram, LocalImage } from '../../../contract/image-transfer.ts';
import { AppError } from '../../base/app-error.ts';
import { run } from '../../host/child-process.ts';
import { findProgram } from '../../host/find-program.ts';
import { plainText } from '../../host/output-lines.ts';
import { parseLocalImages } from './local-images.ts';
import { checkArguments, listArguments } from './program-arguments.ts';

/** In the order in which one is taken for a build: those that need no daemon first. */
const allPrograms: readonly ImageProgram[] = ['buildah', 'podman', 'docker'];

const askTimeoutMs = 10_000;
const listTimeoutMs = 30_000;
const maxListBytes = 16 * 1024 * 1024;
const maxProblemCharacters = 300;

/** Where programs are looked for; on the PATH and where they usually are by default. */
export interface ProgramSearch {
  readonly searchPath?: string;
}

/** Asks each program that is there. */
export async function findPrograms(search: ProgramSearch = {}): Promise<FoundProgram[]> {
  const asked = await Promise.all(allPrograms.map((program) => ask(program, search)));
  const found = asked.filter((one) => one !== undefined);
  // Both have one storage; its images are to be listed once.
  const hasPodman = found.some(({ program, hasImages }) => program === 'podman' && hasImages);
  return found.map((one) =>
    one.program === 'buildah' && hasPodman ? { ...one, hasImages: false } : one,
  );
}

/** The images of every program that works. */
export async function listLocalImages(search: ProgramSearch = {}): Promise<LocalImage[]> {
  const programs = (await findPrograms(search)).filter(({ hasImages }) => hasImages);
  const lists = await Promise.all(programs.map(({ program }) => list(program, search)));
  return lists.flat();
}

/**
 * The path of a program; of the first that is there where none is named.
 * @throws AppError `image/program-missing`
 */
export async function chooseProgram(
  wanted: ImageProgram | undefined,
  search: ProgramSearch = {},
): Promise<{ readonly program: ImageProgram; readonly path: string }> {
  for (const program of wanted === undefined ? allPrograms : [wanted]) {
    const found = await findProgram(program, search.searchPath);
    if (found !== undefined) return { program, path: found.path };
  }
  const what = wanted === undefined ? 'None of buildah, podman and docker is' : `${wanted} is not`;
  throw new AppError('image/program-missing', `${what} on the PATH of Skerry's host process.`);
}

async function ask(
  program: ImageProgram,
  { searchPath }: ProgramSearch,
): Promise<FoundProgram | undefined> {
  const found = await findProgram(program, searchPath);
  if (found === undefined) return undefined;
  // What it has started may keep its output open, and would be waited for.
  const options = { timeoutMs: askTimeoutMs, asGroup: true };
  try {
    const [version, check] = await Promise.all([
      run(found.path, ['--version'], options),
      run(found.path, checkArguments(program), options),
    ]);
    const problem = check.timedOut
      ? `It did not answer within ${String(askTimeoutMs / 1000)} seconds.`
      : check.exitCode === 0
        ? undefined
        : lastLine(check.stderr);
    return describe(program, versionOf(version.stdout), problem);
  } catch (error) {
    return describe(program, '', `It cannot be started: ${String(error)}`);
  }
}

function describe(
  program: ImageProgram,
  version: string,
  problem: string | undefined,
): FoundProgram {
  const works = problem === undefined;
  return {
    program,
    version,
    canBuild: works,
    hasImages: works,
    ...(problem !== undefined && { problem }),
  };
}

async function list(program: ImageProgram, search: ProgramSearch): Promise<LocalImage[]> {
  try {
    const { path } = await chooseProgram(program, search);
    const options = { timeoutMs: listTimeoutMs, maxOutputBytes: maxListBytes, asGroup: true };
    const { exitCode, stdout } = await run(path, listArguments(program), options);
    return exitCode === 0 ? parseLocalImages(program, stdout) : [];
  } catch {
    // What is wrong with a program is for `findPrograms` to say; the others have images too.
    return [];
  }
}

/** `podman version 4.3.1`, `Docker version 28.2.2, build e6534b4`, `buildah version 1.28.2 (…)`. */
function versionOf(output: string): string {
  return /version ([0-9][\w.+~-]{0,63})/i.exec(output)?.[1] ?? '';
}

function lastLine(output: string): string {
  const line = plainText(output).trim().split('\n').at(-1) ?? '';
  return line === '' ? 'It does not work.' : line.slice(0, maxProblemCharacters);
}
