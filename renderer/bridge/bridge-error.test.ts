import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { anError } from '../testing/builders.ts';
import { BridgeError, describeError, toErrorData } from './bridge-error.ts';

describe('toErrorData', () => {
  it('keeps what the engine said', () => {
    const data = anError('image/not-found', { message: 'No "x".' });
    expect(toErrorData(new ORPCError('NOT_FOUND', { data }))).toEqual(data);
  });

  it('keeps what the bridge said', () => {
    const error = new BridgeError('host/unreachable', 'Away.');
    expect(toErrorData(error)).toMatchObject({ code: 'host/unreachable', message: 'Away.' });
  });

  it.each([new ORPCError('BAD_REQUEST', { data: { issues: [] } }), new Error('odd'), 'odd'])(
    'calls everything else unexpected: %s',
    (thrown) => {
      expect(toErrorData(thrown).code).toBe('internal/unexpected');
    },
  );
});

describe('describeError', () => {
  it('writes a report with all that is known', () => {
    const error = anError('vm/crashed', {
      message: 'QEMU ended with signal 9.',
      details: {
        ...{ exitCode: 137, program: 'qemu' },
        ...{ console: 'line one\nline two', exit: { signal: 9 } },
      },
    });
    expect(describeError(error).report()).toMatchInlineSnapshot(`
      "The virtual machine ended unexpectedly (vm/crashed)
      QEMU ended with signal 9.
      Hint: Read the last lines of its console, then start the sandbox again.

      Console:
      line one
      line two

      Exit:
      {
        "signal": 9
      }

      Details:
      Exit code: 137
      Program: qemu"
    `);
  });
});
