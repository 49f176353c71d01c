/** When a guest has opened the agent's port, by QEMU's own word. */
import { z } from 'zod';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { VmExit } from '../driver.ts';
import { agentPort } from './device-arguments.ts';
import type { QmpClient } from './qmp.ts';

/** Of QMP's query-chardev; QEMU, qapi/char.json. */
const chardevsSchema = z.array(z.object({ label: z.string(), 'frontend-open': z.boolean() }));

/** See `Vm.agentPortOpened`. It does not matter whether that was before, or in an earlier process. */
export async function agentPortOpened(
  monitor: QmpClient,
  exited: Promise<VmExit>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  promise.catch(() => undefined);
  // From before the question, so that nothing falls between them.
  const unsubscribe = monitor.onEvent(({ event, data }) => {
    if (event !== 'VSERPORT_CHANGE') return;
    if (data['id'] === agentPort && data['open'] === true) resolve(undefined);
  });
  const abort = (): void => {
    reject(cancelledError('Waiting for the guest'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  void exited.then(({ detail }) => {
    reject(new AppError('vm/crashed', `The machine has ended: ${detail}`));
  });
  try {
    void isOpen(monitor).then((open) => {
      if (open) resolve(undefined);
    }, ignore);
    await promise;
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', abort);
  }
}

/** The guest's end of a port is the device, which is the front of the host's end. */
async function isOpen(monitor: QmpClient): Promise<boolean> {
  const chardevs = chardevsSchema.parse(await monitor.execute('query-chardev'));
  return chardevs.some((chardev) => chardev.label === agentPort && chardev['frontend-open']);
}

function ignore(): void {
  // A monitor that has gone belongs to a machine that is ending, which is waited for.
}
