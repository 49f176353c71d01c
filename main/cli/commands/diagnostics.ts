import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import type { Diagnostics } from '../../contract/diagnostics.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { formatBytes, formatTable, printable } from '../format.ts';
import { print, write } from '../output.ts';
import { checkStdoutTakesBytes, streamName } from '../spool.ts';

/** `skerry diagnostics`: writes the bundle and says what is in it and what was taken out. */
export function writeDiagnostics({ output }: { readonly output?: string }): Promise<number> {
  const isStream = output === streamName;
  if (isStream) checkStdoutTakesBytes();
  return withHost(async (host) => {
    const diagnostics = await host.procedures.host.diagnostics();
    const archive = await packDiagnostics(diagnostics);
    const summary = describeDiagnostics(diagnostics);
    if (isStream) {
      await write(process.stderr, summary);
      await write(process.stdout, archive);
      return 0;
    }
    const file = output ?? diagnostics.fileName;
    await writeNew(file, archive);
    await print(`${summary}\nWritten to ${printable(file)}\n`);
    return 0;
  });
}

/** What is in a bundle and what was taken out of it, for people. */
function describeDiagnostics({ files, redactions }: Diagnostics): string {
  const table = formatTable(
    files.map(({ path, text, isCut }) => [
      path,
      formatBytes(Buffer.byteLength(text)),
      isCut ? 'its end' : '',
    ]),
  );
  const taken = redactions.length === 0 ? 'nothing' : redactions.join(', ');
  return `${table}\nTaken out: ${taken}\n`;
}

/** A tar file with one folder, which has the archive's name. */
async function packDiagnostics({ fileName, files }: Diagnostics): Promise<Buffer> {
  const archive = pack();
  const folder = fileName.replace(/\.tar$/, '');
  for (const { path, text } of files) {
    archive.entry({ name: `${folder}/${path}`, mode: 0o600 }, text);
  }
  archive.finalize();
  return buffer(archive);
}

/** Only the user can read it, and nothing that was there is lost. */
async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(file, bytes, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${file} is there already: remove it, or name another file with -o.`);
  }
}
