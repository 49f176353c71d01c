/** A bundle as a file, and as one text. */
import { packTar } from 'modern-tar';
import type { Diagnostics } from '../../../main/contract/diagnostics.ts';

/** A tar file (POSIX.1-2017, pax) with one folder, which has the archive's name. */
export async function packDiagnostics({ fileName, files }: Diagnostics): Promise<Blob> {
  const folder = fileName.replace(/\.tar$/, '');
  const encoder = new TextEncoder();
  const entries = files.map(({ path, text }) => {
    const body = encoder.encode(text);
    return { header: { name: `${folder}/${path}`, size: body.length, mode: 0o600 }, body };
  });
  return new Blob([await packTar(entries)], { type: 'application/x-tar' });
}

/** All files one after the other, each below its name. */
export function textOfDiagnostics({ files, redactions }: Diagnostics): string {
  return [
    ...redactions.map((redaction) => `Taken out: ${redaction}\n`),
    ...files.map(({ path, text }) => `\n==> ${path} <==\n${text}`),
  ].join('');
}
