import { describe, expect, it } from 'vitest';
import { createElectronTransport, type PreloadApi } from './electron.ts';

/** A page whose preload answers with one end of a channel, and the main process's other end. */
function setUp(forge: (answer: Record<string, unknown>) => Record<string, unknown> = (a) => a) {
  const page = new EventTarget();
  const mainEnds: MessagePort[] = [];
  const requests: string[][] = [];
  const answer = (type: string, requestId: string) => {
    const { port1, port2 } = new MessageChannel();
    mainEnds.push(port2);
    const event = Object.assign(new Event('message'), {
      source: page,
      ports: [port1],
      data: { type, requestId },
      ...forge({}),
    });
    queueMicrotask(() => page.dispatchEvent(event));
  };
  const preload: PreloadApi = {
    kind: 'electron',
    requestRpcPort: (requestId) => {
      requests.push(['rpc']);
      answer('skerry:rpc-port', requestId);
    },
    requestSessionPort: (requestId, sessionId) => {
      requests.push(['session', sessionId]);
      answer('skerry:session-port', requestId);
    },
    choosePath: () => undefined,
    setPreferences: () => undefined,
    showWindow: () => undefined,
  };
  const transport = createElectronTransport(preload, page as unknown as Window);
  return { transport, mainEnds, requests };
}

const never = new AbortController().signal;

function nextMessage(port: MessagePort): Promise<unknown> {
  return new Promise((resolve) => {
    port.addEventListener('message', (event) => {
      resolve((event as MessageEvent<unknown>).data);
    });
    port.start();
  });
}

describe('createElectronTransport', () => {
  it('takes the port that answers its own request', async () => {
    const { transport, mainEnds, requests } = setUp();
    const rpc = await transport.openRpc(never);
    expect(requests).toEqual([['rpc']]);
    mainEnds[0]?.close();
    await rpc.closed;
  });

  it('gives up when the wait is aborted, and takes no port of another page', async () => {
    const { transport, mainEnds } = setUp(() => ({ source: new EventTarget() }));
    const aborting = new AbortController();
    const opening = transport.openRpc(aborting.signal);
    aborting.abort();
    await expect(opening).rejects.toMatchObject({ data: { code: 'host/unreachable' } });
    for (const port of mainEnds) port.close();
  });

  it('carries frames both ways, those sent before the port came first', async () => {
    const { transport, mainEnds, requests } = setUp();
    const frames: Uint8Array[] = [];
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const channel = transport.openSession('session-7', {
      onFrame: (bytes) => {
        frames.push(bytes);
        hear();
      },
      onClose: () => undefined,
    });
    channel.send(Uint8Array.of(3, 1, 2, 3, 4));
    expect(requests).toEqual([['session', 'session-7']]);
    const main = mainEnds[0];
    if (main === undefined) throw new Error('The preload was not asked.');
    expect(await nextMessage(main)).toEqual(Uint8Array.of(3, 1, 2, 3, 4));
    main.postMessage(Uint8Array.of(17, 65));
    await heard;
    expect(frames).toEqual([Uint8Array.of(17, 65)]);
    channel.close();
  });

  it('says so when the main process closes a session', async () => {
    const { transport, mainEnds } = setUp();
    await new Promise<void>((resolve) => {
      const channel = transport.openSession('session-7', {
        onFrame: () => undefined,
        onClose: resolve,
      });
      channel.send(Uint8Array.of(2));
      const main = mainEnds[0];
      if (main === undefined) throw new Error('The preload was not asked.');
      void nextMessage(main).then(() => {
        main.close();
      });
    });
  });
});
