/** The thread that gateways run in: away from the engine, so that traffic slows no terminal. */
import { parentPort } from 'node:worker_threads';
import { Gateway } from './gateway.ts';
import type { GatewayCall, GatewayMessage, GatewayRequest } from './messages.ts';

const gateways = new Map<string, Gateway>();

function say(message: GatewayMessage): void {
  parentPort?.postMessage(message);
}

async function serve(name: string, call: GatewayCall) {
  if (call.type === 'open') {
    const { socketPath, settings } = call;
    await gateways.get(name)?.close();
    const gateway = new Gateway(
      { socketPath, settings },
      {
        onDecisions: (decisions) => {
          say({ type: 'decisions', gateway: name, decisions });
        },
        onLink: (isUp) => {
          say({ type: 'link', gateway: name, isUp });
        },
      },
    );
    gateways.set(name, gateway);
    await gateway.open();
    return undefined;
  }
  const gateway = gateways.get(name);
  if (gateway === undefined) throw new Error('There is no such gateway.');
  switch (call.type) {
    case 'configure':
      gateway.configure(call.settings);
      return undefined;
    case 'add-port':
      await gateway.ports.add(call.port);
      return undefined;
    case 'remove-port':
      await gateway.ports.remove(call.listener);
      return undefined;
    case 'ask':
      return gateway.ask(call.question);
    case 'traffic':
      return gateway.traffic();
    case 'close':
      gateways.delete(name);
      await gateway.close();
      return undefined;
  }
}

parentPort?.on('message', ({ id, gateway, call }: GatewayRequest) => {
  serve(gateway, call).then(
    (value) => {
      say({ type: 'answer', id, value });
    },
    (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      const message = error instanceof Error ? error.message : String(error);
      say({ type: 'failed', id, message, code });
    },
  );
});
