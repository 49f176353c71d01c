/** Gathers what someone who helps needs to see, and takes every secret out of it. */
import { setImmediate } from 'node:timers/promises';
import {
  maxDiagnosticsBytes,
  type Diagnostics,
  type DiagnosticsFile,
} from '../../contract/diagnostics.ts';
import type { HostReport } from '../../contract/host.ts';
import type { StoreUsage } from '../../contract/image-upkeep.ts';
import type { Operation } from '../../contract/operation.ts';
import type { Sandbox } from '../../contract/sandbox.ts';
import { cutToBytes, readFileTail, type FileTail } from './file-tail.ts';
import { lastErrors, redactSandbox, secretsOf } from './redact-config.ts';
import { Redactor } from './redactor.ts';

/** Where a bundle's contents come from. */
export interface DiagnosticsSources {
  readonly report: () => Promise<HostReport>;
  readonly sandboxes: () => readonly Sandbox[];
  readonly operations: () => readonly Operation[];
  readonly usage: () => Promise<StoreUsage>;
  /** Of a sandbox, by its id: name in the bundle and path. They need not be there. */
  readonly filesOf: (id: string) => Readonly<Record<string, string>>;
  /** Of the host process: name in the bundle and path. */
  readonly logFiles: Readonly<Record<string, string>>;
  /** Values that must not leave this machine besides the sandboxes' own: access tokens. */
  readonly secrets: () => readonly string[];
  /** The user's home directory. */
  readonly home: string;
  readonly nowMs: () => number;
}

/** Room for the paths and marks of a bundle beside its texts. */
const reservedBytes = 64 * 1024;
const maxFactsBytes = 512 * 1024;
const maxHostLogBytes = 512 * 1024;
const maxSandboxLogBytes = 64 * 1024;

interface Source {
  readonly path: string;
  readonly maxBytes: number;
  /** The text without secrets. */
  readonly read: (maxBytes: number) => Promise<FileTail | undefined>;
}

/** A bundle of at most `maxDiagnosticsBytes`. What cannot be had is said in its file. */
export async function collectDiagnostics(sources: DiagnosticsSources): Promise<Diagnostics> {
  const sandboxes = sources.sandboxes();
  const redactor = new Redactor(
    [
      ...sandboxes.flatMap(secretsOf),
      ...sources.secrets().map((value) => ({ value, kind: 'token' as const })),
    ],
    sources.home,
  );
  const files: DiagnosticsFile[] = [];
  let leftBytes = maxDiagnosticsBytes - reservedBytes;
  const wanted = [
    ...factsOf(sources, sandboxes, redactor),
    ...logsOf(sources, sandboxes, redactor),
  ];
  for (const [index, { path, maxBytes, read }] of wanted.entries()) {
    // What many sandboxes have to share is shared evenly.
    const share = index < firstShared(sources) ? leftBytes : leftBytes / (wanted.length - index);
    const limit = Math.floor(Math.min(maxBytes, share));
    const tail = await read(limit);
    if (tail === undefined) continue;
    const file = cutToBytes(tail, limit);
    leftBytes -= Buffer.byteLength(file.text);
    files.push({ path, ...file });
    // Other clients of this process have their turn.
    await setImmediate();
  }
  const time = new Date(sources.nowMs()).toISOString().slice(0, 19).replaceAll(':', '-');
  return { fileName: `skerry-diagnostics-${time}.tar`, files, redactions: redactor.describe() };
}

const factCount = 5;
const firstShared = ({ logFiles }: DiagnosticsSources): number =>
  factCount + Object.keys(logFiles).length;

function factsOf(
  sources: DiagnosticsSources,
  sandboxes: readonly Sandbox[],
  redactor: Redactor,
): Source[] {
  const operations = sources.operations();
  const facts: Record<string, () => unknown> = {
    'host.json': async () => ({
      ...(await sources.report()),
      node: process.versions,
      collectedAt: new Date(sources.nowMs()).toISOString(),
    }),
    'sandboxes.json': () => sandboxes.map(redactSandbox),
    'operations.json': () => operations,
    'errors.json': () => lastErrors(sandboxes, operations),
    'images.json': sources.usage,
  };
  return Object.entries(facts).map(([path, look]) => ({
    path,
    maxBytes: maxFactsBytes,
    read: async () => ({ text: await asJson(look, redactor), isCut: false }),
  }));
}

async function asJson(look: () => unknown, redactor: Redactor): Promise<string> {
  try {
    return `${JSON.stringify(redactor.redactJson(await look()), null, 2)}\n`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `This could not be asked for: ${redactor.redact(reason)}\n`;
  }
}

function logsOf(
  sources: DiagnosticsSources,
  sandboxes: readonly Sandbox[],
  redactor: Redactor,
): Source[] {
  const logs = (dir: string, files: Readonly<Record<string, string>>, maxBytes: number): Source[] =>
    Object.entries(files).map(([name, file]) => ({
      path: `${dir}/${name}`,
      maxBytes,
      read: async (limit) => {
        const tail = await readFileTail(file, limit);
        return tail && { ...tail, text: redactor.redact(tail.text) };
      },
    }));
  return [
    ...logs('logs', sources.logFiles, maxHostLogBytes),
    ...sandboxes.flatMap(({ id, name }) =>
      logs(`sandboxes/${name}`, sources.filesOf(id), maxSandboxLogBytes),
    ),
  ];
}
