/** The file of further certificate authorities that the settings of a registry name. */
import { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '../../base/app-error.ts';
import { systemErrorCode } from '../../base/disk-error.ts';
import { quote } from '../quote.ts';

/** The bundle of a whole system has less than half of it. */
const maxFileBytes = 1024 * 1024;
const maxCertificates = 1000;
const certificatePattern = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file, each in PEM; whatever else is in it is left out.
 * Throws `registry/tls-failed`, naming the file, where it cannot be read or holds none.
 */
export async function readAuthorities(path: string): Promise<string[]> {
  const fail = (problem: string, cause?: unknown): AppError =>
    new AppError('registry/tls-failed', `The file of certificates ${quote(path)} ${problem}.`, {
      hint: 'Name a PEM file that holds the certificate of the authority.',
      cause,
    });
  const text = await readBounded(path).catch((error: unknown) => {
    const code = systemErrorCode(error);
    throw fail(
      code === 'ENOENT' ? 'is not there' : `cannot be read (${code ?? String(error)})`,
      error,
    );
  });
  if (text === undefined) throw fail(`is no file of at most ${String(maxFileBytes)} bytes`);
  const certificates = text.match(certificatePattern) ?? [];
  if (certificates.length === 0) throw fail('holds no certificate in PEM');
  if (certificates.length > maxCertificates) {
    throw fail(`holds more than ${String(maxCertificates)} certificates`);
  }
  for (const [index, pem] of certificates.entries()) {
    try {
      new X509Certificate(pem);
    } catch (error) {
      throw fail(`holds something else in the place of certificate ${String(index + 1)}`, error);
    }
  }
  return certificates;
}

async function readBounded(path: string): Promise<string | undefined> {
  // A pipe would keep us waiting for somebody to write.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size > maxFileBytes) return undefined;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(maxFileBytes), 0, maxFileBytes, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
