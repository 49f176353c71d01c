import { describe, expect, it } from 'vitest';
import { TransientError } from './network-error.ts';
import { statusError } from './status-error.ts';

/** The wait that an answer with these headers asks for, and the hint of its error. */
async function waitOf(
  headers: Readonly<Record<string, string>>,
): Promise<[number | undefined, string]> {
  const error = await statusError(
    {
      status: 429,
      url: new URL('https://registry.example/v2/'),
      sameOrigin: true,
      header: (name) => headers[name],
      pieces: () => {
        throw new Error('Not read.');
      },
      read: () => Promise.reject(new Error('Not read.')),
      readExcerpt: () => Promise.resolve(''),
      discard: () => Promise.resolve(),
    },
    'image "registry.example/app"',
    'image/not-found',
  );
  if (!(error instanceof TransientError)) throw new Error('It may pass.');
  return [error.retryAfterMs, error.error.hint];
}

const date = 'Sun, 06 Nov 1994 08:49:37 GMT';

describe('statusError', () => {
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:47 GMT', date }, 10_000],
    [{ 'retry-after': date, date: 'Sun, 06 Nov 1994 08:50:00 GMT' }, 0],
    [{ 'retry-after': date }, 0],
    [{ 'retry-after': 'Sun, 99 Nov 1994 08:49:37 GMT' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': '1e9' }, undefined],
    [{}, undefined],
  ])('takes from %j the wait %s', async (headers, waitMs) => {
    expect((await waitOf(headers))[0]).toEqual(waitMs);
  });

  it('takes a date by our clock where the registry does not tell its own', async () => {
    const [waitMs] = await waitOf({ 'retry-after': 'Tue, 01 Jan 2999 00:00:00 GMT' });
    expect(waitMs).toBeGreaterThan(0);
  });

  it('says how long to wait', async () => {
    expect((await waitOf({ 'retry-after': '30' }))[1]).toContain('in 30 seconds');
    expect((await waitOf({ 'retry-after': '601' }))[1]).toContain('in 11 minutes');
    expect((await waitOf({}))[1]).toContain('Wait a while');
  });
});
