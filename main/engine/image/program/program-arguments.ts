/**
 * Arguments for docker, podman and buildah. Pure. A value goes with its option in one argument, and
 * operands come after `--`: so nothing that a user names becomes an option.
 */
import type { ImageProgram } from '../../../contract/image-transfer.ts';

/** What is built. */
export interface BuildRequest {
  /** Absolute paths. */
  readonly context: string;
  readonly file: string;
  /** Name of the image in the program's own storage. */
  readonly tag: string;
  readonly target?: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly noCache: boolean;
}

/** Arguments of a build; the three programs have them in common. */
export function buildArguments(request: BuildRequest): string[] {
  const { context, file, tag, target, buildArgs, noCache } = request;
  return [
    'build',
    `--tag=${tag}`,
    `--file=${file}`,
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...(noCache ? ['--no-cache'] : []),
    '--',
    context,
  ];
}

/** How a program writes an image to an archive. */
export interface SaveCommand {
  readonly args: readonly string[];
  /** Whether the archive is its stdout; otherwise the file is in its working directory. */
  readonly isOnStdout: boolean;
  /** Whether the archive says the name of the image. */
  readonly isNamed: boolean;
}

/** Writes an image to the archive `fileName`, a plain name. */
export function saveCommand(
  program: ImageProgram,
  reference: string,
  fileName: string,
): SaveCommand {
  switch (program) {
    case 'docker':
      // Not to a file: a docker that is confined to some folders could not write it.
      return { args: ['save', '--', reference], isOnStdout: true, isNamed: true };
    case 'podman': {
      const options = ['--quiet', '--format=oci-archive', `--output=${fileName}`];
      return { args: ['save', ...options, '--', reference], isOnStdout: false, isNamed: true };
    }
    case 'buildah': {
      const args = ['push', '--quiet', '--', reference, `oci-archive:${fileName}`];
      return { args, isOnStdout: false, isNamed: false };
    }
  }
}

/** Removes a name, and the image where it has no other; layers that a later build can use stay. */
export function removeArguments(program: ImageProgram, name: string): string[] {
  return ['rmi', ...(program === 'buildah' ? [] : ['--no-prune']), '--', name];
}

/** Lists images as JSON. */
export function listArguments(program: ImageProgram): string[] {
  switch (program) {
    case 'docker':
      return ['images', '--no-trunc', '--format={{json .}}'];
    case 'podman':
      return ['images', '--no-trunc', '--format=json'];
    case 'buildah':
      return ['images', '--no-trunc', '--json'];
  }
}

/** Asks whether it can work at all: docker has a daemon, podman may have a machine. */
export function checkArguments(program: ImageProgram): string[] {
  return program === 'docker' ? ['version', '--format={{.Server.Version}}'] : ['info'];
}
