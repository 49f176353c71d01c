import { connect } from '../bridge/connection.ts';
import { createFakeTransport } from '../bridge/fake/fake-transport.ts';
import { aSandbox } from './builders.ts';

/** A bridge to an in-memory host with one running sandbox, `box`; to be closed by the test. */
export async function fakeBridge() {
  const transport = createFakeTransport({ sandboxes: [aSandbox({ name: 'box' })], stepMs: 0 });
  const connection = connect({ transport, onEvent: () => undefined });
  await new Promise<void>((resolve) => {
    const end = connection.state.subscribe(({ status }) => {
      if (status !== 'connected') return;
      end();
      resolve();
    });
  });
  const openSession: typeof transport.openSession = (id, handlers) =>
    transport.openSession(id, handlers);
  return { connection, openSession };
}
