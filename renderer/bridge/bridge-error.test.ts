import { ORPCError } from '@orpc/client';
import { afterEach, describe, expect, it } from 'vitest';
import { anError } from '../testing/builders.ts';
import { speak } from '../words/language.ts';
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
  afterEach(() => speak('en'));

  it('speaks the language of the window, but for what was written for this one case', async () => {
    const error = anError('vm/crashed', { message: 'QEMU ended.', details: { exitCode: 1 } });
    await speak('de');
    const shown = describeError(error);
    expect(shown).toMatchObject({
      title: 'Die virtuelle Maschine endete unerwartet',
      message: 'QEMU ended.',
      details: [{ label: 'Einzelheiten', text: 'Exit code: 1' }],
    });
    expect(shown.hint).toContain('Konsole');
    expect(shown.report()).toContain('The virtual machine ended unexpectedly (vm/crashed)');
    expect(shown.report()).toContain('Details:');
    expect(describeError({ ...error, hint: 'Look there.' }).hint).toBe('Look there.');
  });

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
