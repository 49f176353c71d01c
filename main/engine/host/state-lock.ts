/**
 * `host.json` in a state directory says which host process owns it and where it listens.
 * Exactly one process holds it; what a dead process left is taken over.
 */
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../base/app-error.ts';
import { processStartTime } from './process-identity.ts';

const ownerSchema = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  /** See process-identity.ts. */
  startTime: z.string(),
  /** Unix socket that clients of the host process use. */
  socket: z.string(),
});

/** The host process that owns a state directory. */
export type StateOwner = z.infer<typeof ownerSchema>;

/** A held lock. */
export interface StateLock {
  release(): Promise<void>;
}

const fileName = 'host.json';
const maxAttempts = 50;
/** While another process clears away what a dead one left. */
const retryMs = 20;

/** The living owner of the state directory, or undefined where nobody owns it. */
export async function readStateOwner(stateDir: string): Promise<StateOwner | undefined> {
  const text = await readIfPresent(path.join(stateDir, fileName));
  return text === undefined ? undefined : livingOwner(text);
}

/**
 * Makes this process the owner.
 * @throws AppError `host/already-running` with the other's pid and socket in its details
 */
export async function acquireStateLock(stateDir: string, socket: string): Promise<StateLock> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const file = path.join(stateDir, fileName);
  const startTime = (await processStartTime(process.pid)) ?? 'unknown';
  const owner: StateOwner = { version: 1, pid: process.pid, startTime, socket };
  const mine = JSON.stringify(owner);
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (await linkNew(file, mine)) return { release: () => removeOwn(file, mine) };
    const text = await readIfPresent(file);
    if (text === undefined) continue;
    const other = await livingOwner(text);
    if (other !== undefined) throw alreadyRunning(stateDir, other);
    if (!(await clearAway(file, text, mine))) await delay(retryMs);
  }
  throw new AppError('host/already-running', `The lock of ${stateDir} changes hands too quickly.`);
}

function alreadyRunning(stateDir: string, owner: StateOwner): AppError {
  return new AppError(
    'host/already-running',
    `Process ${String(owner.pid)} already serves ${stateDir}.`,
    { details: { pid: owner.pid, socket: owner.socket } },
  );
}

/** A hard link appears whole or not at all, and only if there was none: link(2). */
async function linkNew(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/**
 * Removes a file with the text of a dead owner, which nobody writes again. Only who holds the claim
 * on that text may: a lock like any other, so that one that was left by a process that died in the
 * middle of it is cleared away in the same manner. Returns whether the file is gone or another one.
 */
async function clearAway(file: string, text: string, mine: string): Promise<boolean> {
  const claim = `${file}.${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  if (!(await linkNew(claim, mine))) {
    const other = await readIfPresent(claim);
    const isDead = other !== undefined && (await livingOwner(other)) === undefined;
    if (isDead) await clearAway(claim, other, mine);
    return false;
  }
  try {
    // Whoever had the claim before may have done it. While we have it nobody else can.
    if ((await readIfPresent(file)) === text) await unlink(file);
    return true;
  } finally {
    await removeOwn(claim, mine);
  }
}

async function removeOwn(file: string, mine: string): Promise<void> {
  if ((await readIfPresent(file)) === mine) await unlink(file);
}

async function livingOwner(text: string): Promise<StateOwner | undefined> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = ownerSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const startTime = await processStartTime(parsed.data.pid);
  return startTime === parsed.data.startTime ? parsed.data : undefined;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
