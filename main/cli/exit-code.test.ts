import { describe, expect, it } from 'vitest';
import { AppError } from '../engine/index.ts';
import { clientError } from '../server/client/client-error.ts';
import { exitCodeOfError, exitCodeOfStatus, InterruptedError } from './exit-code.ts';
import { describeFailure } from './report-error.ts';

describe('exit codes', () => {
  it.each([
    [{ kind: 'exited', code: 0 }, 0],
    [{ kind: 'exited', code: 255 }, 255],
    [{ kind: 'signalled', signal: 9 }, 137],
    [{ kind: 'signalled', signal: 15 }, 143],
  ] as const)('of %j is %d', (status, code) => {
    expect(exitCodeOfStatus(status)).toBe(code);
  });

  it.each([
    [clientError('exec/not-found', 'x'), 127],
    [clientError('exec/not-executable', 'x'), 126],
    [clientError('exec/bad-workdir', 'x'), 1],
    [clientError('sandbox/not-found', 'x'), 1],
    [new AppError('exec/not-found', 'x'), 127],
    [new InterruptedError(2), 130],
    [Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), 141],
    [new Error('anything'), 1],
  ])('of %s is %d', (error, code) => {
    expect(exitCodeOfError(error)).toBe(code);
  });
});

describe('describeFailure', () => {
  const error = clientError('sandbox/not-found', 'There is no sandbox called "a\u001b".');

  it('says what happened and what to do', () => {
    expect(describeFailure(error, false)).toBe(
      'skerry: There is no sandbox called "a\ufffd".\n' +
        '→ List the sandboxes with `skerry ls`. (sandbox/not-found)\n',
    );
  });

  it('is one line of JSON for programs', () => {
    const line = describeFailure(error, true);
    expect(line?.indexOf('\n')).toBe(line === undefined ? undefined : line.length - 1);
    expect(JSON.parse(line ?? '')).toEqual({
      error: {
        code: 'sandbox/not-found',
        message: 'There is no sandbox called "a\u001b".',
        hint: 'List the sandboxes with `skerry ls`.',
      },
    });
  });

  it('is silent where the user knows', () => {
    expect(describeFailure(new InterruptedError(2), false)).toBeUndefined();
    expect(describeFailure(Object.assign(new Error(''), { code: 'EPIPE' }), true)).toBeUndefined();
  });
});
