import { expect, it } from 'vitest';
import { formatExitStatus } from './exit-status.ts';

it('says how a shell ended', () => {
  expect(formatExitStatus({ kind: 'exited', code: 3 })).toBe('The shell ended with exit code 3.');
  expect(formatExitStatus({ kind: 'signalled', signal: 9 })).toBe(
    'The shell was ended by signal 9 (SIGKILL).',
  );
  expect(formatExitStatus({ kind: 'signalled', signal: 35 })).toBe(
    'The shell was ended by signal 35.',
  );
});
