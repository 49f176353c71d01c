import { Option, type Command } from 'commander';
import type { BuildOptions } from '../commands/build.ts';
import type { ExportOptions, ImportOptions } from '../commands/image-transfer.ts';
import { imagePrograms } from '../../contract/image-programs.ts';
import type { ImageProgram } from '../../contract/image-transfer.ts';
import { addVariable, type JsonOption } from '../options.ts';
import type { Perform } from './perform.ts';

interface FromOption {
  readonly from?: ImageProgram;
}

/** `images import`, `local`, `export`, and `build`; `load` and `save` as Docker has them. */
export function addImageTransferCommands(
  program: Command,
  images: Command,
  perform: Perform,
): void {
  images
    .command('import')
    .description('bring the images of an archive or an OCI layout into the store')
    .argument('<file>', 'of `docker save`, `podman save` or `skopeo`, or a directory; - is stdin')
    .option('--as <name>', 'name of the image, where the archive has one image')
    .addOption(
      new Option('--from <program>', 'take over an image that this program keeps, by its name')
        .choices(imagePrograms)
        .conflicts('as'),
    )
    .option('--json', 'print JSON')
    .action(async (file: string, { from, ...options }: ImportOptions & FromOption) => {
      const { importFromProgram, importImages } = await import('../commands/image-transfer.ts');
      const isFile = from === undefined;
      await perform(isFile ? importImages(file, options) : importFromProgram(from, file, options));
    });
  images
    .command('local')
    .description('list the images that podman, docker and buildah keep on this machine')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption) => {
      const { listLocalImages } = await import('../commands/local-images.ts');
      await perform(listLocalImages(options));
    });
  images
    .command('export')
    .description('write images to an archive')
    .argument('<image...>')
    .requiredOption('-o, --output <file>', 'file to write; - is stdout')
    .addOption(formatOption())
    .option('-f, --force', 'replace a file that is there')
    .option('--json', 'print JSON')
    .action(async (references: string[], options: ExportOptions) => {
      const { exportImages } = await import('../commands/image-transfer.ts');
      await perform(exportImages(references, options));
    });
  program
    .command('load')
    .description('the same as `images import`')
    .option('-i, --input <file>', 'file to read', '-')
    .option('--json', 'print JSON')
    .action(async ({ input, ...options }: ImportOptions & { readonly input: string }) => {
      const { importImages } = await import('../commands/image-transfer.ts');
      await perform(importImages(input, options));
    });
  program
    .command('save')
    .description('the same as `images export`')
    .argument('<image...>')
    .option('-o, --output <file>', 'file to write', '-')
    .addOption(formatOption())
    .option('-f, --force', 'replace a file that is there')
    .option('--json', 'print JSON')
    .action(async (references: string[], options: ExportOptions) => {
      const { exportImages } = await import('../commands/image-transfer.ts');
      await perform(exportImages(references, options));
    });
  program
    .command('build')
    .description('build an image with buildah, podman or docker and bring it into the store')
    .argument('<context>', 'directory with what the image is built from')
    .requiredOption('-t, --tag <name>', 'name of the image')
    .option('-f, --file <file>', 'instructions; Containerfile or Dockerfile of the context')
    .option('--target <stage>', 'stage to stop at')
    .option('--build-arg <key=value>', 'no secret; may be given again', addVariable)
    .option('--no-cache', 'use nothing of earlier builds')
    .addOption(
      new Option('--with <program>', 'what builds; the first that is there').choices([
        'buildah',
        'podman',
        'docker',
      ]),
    )
    .option('--json', 'print JSON')
    .action(async (context: string, options: BuildOptions) => {
      const { buildImage } = await import('../commands/build.ts');
      await perform(buildImage(context, options));
    });
}

function formatOption(): Option {
  return new Option('--format <format>', 'an OCI layout in a tar, or what `docker save` writes')
    .choices(['oci', 'docker'])
    .default('oci');
}
