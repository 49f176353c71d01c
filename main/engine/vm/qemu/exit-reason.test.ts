import { describe, expect, it } from 'vitest';
import { exitReason, type EndEvidence } from './exit-reason.ts';

const nothing: EndEvidence = {
  killed: false,
  quitRequested: false,
  fault: undefined,
  shutdown: undefined,
  process: 'exit code 0',
  monitorLogTail: '',
  consoleTail: '',
};

describe('exitReason', () => {
  it.each<[string, Partial<EndEvidence>, string, string]>([
    [
      'the guest powers off',
      { shutdown: { guest: true, reason: 'guest-shutdown' } },
      'shutdown',
      'The guest asked for it (guest-shutdown).',
    ],
    [
      'the guest restarts',
      { shutdown: { guest: true, reason: 'guest-reset' }, consoleTail: 'reboot: Restarting' },
      'shutdown',
      'The guest asked for it (guest-reset).',
    ],
    [
      'the guest kernel panics',
      {
        shutdown: { guest: true, reason: 'guest-reset' },
        consoleTail: '[ 1.0] Kernel panic - not syncing: Attempted to kill init!\r\nmore',
      },
      'crash',
      'Kernel panic - not syncing: Attempted to kill init!',
    ],
    [
      'quit() was called',
      { quitRequested: true, shutdown: { guest: false, reason: 'host-qmp-quit' } },
      'shutdown',
      'It was asked to quit.',
    ],
    ['kill() was called', { killed: true, process: 'signal SIGKILL' }, 'killed', 'It was killed.'],
    [
      'somebody else killed it',
      { process: 'signal SIGKILL' },
      'crash',
      'QEMU ended with signal SIGKILL.',
    ],
    [
      'QEMU gave up',
      { process: 'exit code 1', monitorLogTail: 'first\nqemu: cannot go on' },
      'crash',
      'QEMU ended with exit code 1. qemu: cannot go on',
    ],
    [
      'the host told QEMU to end',
      {
        shutdown: { guest: false, reason: 'host-signal' },
        monitorLogTail: 'qemu: terminating on signal 15 from pid 1 (systemd)',
      },
      'crash',
      'QEMU ended with exit code 0. qemu: terminating on signal 15 from pid 1 (systemd)',
    ],
    [
      'the driver ended what had stopped working',
      { fault: 'QEMU stopped the machine: internal-error.', process: 'signal SIGKILL' },
      'crash',
      'QEMU stopped the machine: internal-error.',
    ],
  ])('knows why it ended when %s', (_what, seen, reason, detail) => {
    expect(exitReason({ ...nothing, ...seen })).toEqual({ reason, detail });
  });
});
