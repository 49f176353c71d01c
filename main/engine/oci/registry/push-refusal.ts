/** Answers that a registry refuses a push with. */
import type { ImageReference } from '../../../contract/image-reference.ts';
import { AppError } from '../../base/app-error.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { TransientError } from './network-error.ts';
import { quote } from '../quote.ts';
import { statusError } from './status-error.ts';

/** The error for an answer to a push of `what` to a repository. */
export async function pushRefusal(
  answer: HttpAnswer,
  { registry, repository }: ImageReference,
  what: string,
): Promise<AppError | TransientError> {
  const { status, sameOrigin } = answer;
  const error = await statusError(answer, what, 'registry/bad-answer');
  if (!sameOrigin || !(error instanceof AppError)) return error;
  const { details } = error;
  if (status === 401) {
    const message = `The registry ${quote(registry)} wants to know who pushes to ${quote(repository)}.`;
    return new AppError('registry/unauthorized', message, {
      hint: `Log in with \`skerry login ${registry}\`.`,
      details,
    });
  }
  if (status === 403 || status === 405) {
    const message = `The registry ${quote(registry)} does not permit a push to ${quote(repository)} (status ${String(status)}).`;
    return new AppError('registry/forbidden', message, { details });
  }
  if (status === 413) {
    const message = `The registry ${quote(registry)} does not take ${what}: it is too large for it.`;
    return new AppError('registry/bad-answer', message, {
      hint: 'Ask its owner to raise the limit of the registry, or of the proxy before it.',
      details,
    });
  }
  return error;
}
