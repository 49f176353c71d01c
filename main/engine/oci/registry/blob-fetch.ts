/** The body of a blob: in one piece, or gone on with after a fault (RFC 9110, section 14). */
import { AppError } from '../../base/app-error.ts';
import type { BlobWriter } from '../blob-writer.ts';
import type { BlobFill } from '../content-store.ts';
import type { HttpAnswer } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import { withRetries, type Backoff } from './retry.ts';
import { statusError } from './status-error.ts';

/** What {@link fillFromRegistry} needs. */
export interface BlobRequest {
  /** For messages: `blob sha256:… of "docker.io/library/alpine:latest"`. */
  readonly what: string;
  readonly backoffMs: Backoff;
  get(headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>;
}

/** So much more than ever before counts as progress, after which faults are counted anew. */
const progressBytes = 1024 * 1024;

/** Fills a writer from the registry, going on after faults from where the bytes ended. */
export function fillFromRegistry(request: BlobRequest): BlobFill['fill'] {
  return async (writer, signal) => {
    let furthest = writer.offset;
    await withRetries(() => fetchRest(request, writer, signal), {
      backoffMs: request.backoffMs,
      signal,
      madeProgress: () => {
        if (writer.offset < furthest + progressBytes) return false;
        furthest = writer.offset;
        return true;
      },
    });
  };
}

/** One of several places that a blob may come from. */
interface BlobPlace {
  readonly fill: BlobFill['fill'];
  /** Hears why the next place is tried. May throw, which ends the fetch. */
  readonly onSkip: (error: unknown) => void;
}

/**
 * Fills a writer from the first place that has the right bytes, the last resort at the end. What
 * one place has begun another goes on with; where the whole is wrong, it is begun anew.
 */
export function fillFromFirst(
  places: readonly BlobPlace[],
  lastResort: BlobFill['fill'],
): BlobFill['fill'] {
  return async (writer, signal) => {
    let isMixed = writer.offset > 0;
    for (const { fill, onSkip } of places) {
      try {
        await fill(writer, signal);
        if (writer.isRight()) return;
        onSkip(wrongBytes(writer));
      } catch (error) {
        onSkip(error);
        isMixed ||= writer.offset > 0;
        continue;
      }
      await writer.restart();
      isMixed = false;
    }
    await lastResort(writer, signal);
    if (!isMixed || writer.isRight()) return;
    await writer.restart();
    await lastResort(writer, signal);
  };
}

function wrongBytes({ descriptor }: BlobWriter): AppError {
  const message = `The bytes that came for blob ${descriptor.digest} have another digest or size.`;
  return new AppError('registry/digest-mismatch', message);
}

async function fetchRest(
  request: BlobRequest,
  writer: BlobWriter,
  signal: AbortSignal,
): Promise<void> {
  const { offset } = writer;
  const { size } = writer.descriptor;
  if (offset === size) return;
  const answer = await request.get(offset > 0 ? { range: `bytes=${String(offset)}-` } : {}, signal);
  const goesOn = offset > 0 && continuesAt(answer, offset, size);
  if (offset > 0 && !goesOn && [206, 416].includes(answer.status)) {
    await answer.discard();
    await writer.restart();
    throw new TransientError(badAnswer(request, 'is not gone on with from where it ended'));
  }
  if (!goesOn && answer.status !== 200) {
    throw await statusError(answer, request.what, 'registry/bad-answer');
  }
  if (goesOn) writer.join();
  else if (offset > 0) await writer.restart();
  for await (const piece of answer.pieces()) await writer.write(piece);
  if (writer.offset < size) {
    const end = `ended after ${String(writer.offset)} of ${String(size)} bytes`;
    throw new TransientError(badAnswer(request, end));
  }
}

/** Whether the answer is the rest of the blob; anything else starts it anew. */
function continuesAt(answer: HttpAnswer, offset: number, size: number): boolean {
  if (answer.status !== 206) return false;
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(
    answer.header('content-range') ?? '',
  );
  if (!range) return false;
  const [, first, , total] = range;
  return Number(first) === offset && (total === '*' || Number(total) === size);
}

function badAnswer(request: BlobRequest, problem: string): AppError {
  return new AppError(
    'registry/bad-answer',
    `In the registry's answer, ${request.what} ${problem}.`,
  );
}
