import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBrowserTransport } from './browser.ts';

/** A WebSocket that opens and closes when the test says so. */
class TestSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  static last: TestSocket | undefined;
  readyState = TestSocket.CONNECTING;
  binaryType = 'blob';
  readonly sent: Uint8Array[] = [];
  readonly url: string;

  constructor(url: URL) {
    super();
    this.url = url.href;
    TestSocket.last = this;
  }

  open(): void {
    this.readyState = TestSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }

  close(): void {
    if (this.readyState === TestSocket.CLOSED) return;
    this.readyState = TestSocket.CLOSED;
    this.dispatchEvent(new Event('close'));
  }
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', TestSocket);
  vi.stubGlobal('window', { location: { href: 'http://127.0.0.1:7777/#/images' } });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const never = new AbortController().signal;

describe('openRpc', () => {
  it('opens the WebSocket of the page that was served', async () => {
    const opening = createBrowserTransport().openRpc(never);
    expect(TestSocket.last?.url).toBe('ws://127.0.0.1:7777/rpc');
    TestSocket.last?.open();
    const rpc = await opening;
    TestSocket.last?.close();
    await rpc.closed;
  });

  it('lets a call be cancelled while the socket is closing', async () => {
    const opening = createBrowserTransport().openRpc(never);
    const socket = TestSocket.last;
    socket?.open();
    const rpc = await opening;
    const cancelling = new AbortController();
    const call = rpc.link.call(['hello'], undefined, {
      context: {},
      signal: cancelling.signal,
    });
    await vi.waitFor(() => {
      expect(socket?.sent).toHaveLength(1);
    });
    if (socket !== undefined) socket.readyState = TestSocket.CLOSING;
    cancelling.abort();
    // What oRPC throws beside the call, vitest reports as the failure of the test.
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    [401, 'host/not-allowed'],
    [200, 'host/unreachable'],
  ])('tells by a plain request (%i) that it is %s', async (status, code) => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status })));
    const opening = createBrowserTransport().openRpc(never);
    TestSocket.last?.close();
    await expect(opening).rejects.toMatchObject({ data: { code } });
  });

  it('says nothing over a closed socket when calls are given up because it closed', async () => {
    const opening = createBrowserTransport().openRpc(never);
    const socket = TestSocket.last;
    if (socket === undefined) throw new Error('There is no socket.');
    const added = vi.spyOn(socket, 'addEventListener');
    socket.open();
    const rpc = await opening;
    const giveUp = new AbortController();
    const failed = vi.fn();
    const call = rpc.link.call(['a'], {}, { context: {}, signal: giveUp.signal }).catch(failed);
    await vi.waitFor(() => {
      expect(socket.sent).toHaveLength(1);
    });
    void rpc.closed.then(() => {
      giveUp.abort();
    });
    socket.readyState = TestSocket.CLOSED;
    // As a browser does it: what a listener resolved goes on before the next listener is called.
    for (const [type, listener] of added.mock.calls) {
      if (type !== 'close' || typeof listener !== 'function') continue;
      listener.call(socket, new Event('close'));
      await new Promise((resolve) => setTimeout(resolve));
    }
    await call;
    // A message that was sent in vain would be a rejection that nobody handles.
    expect(failed).toHaveBeenCalledOnce();
  });

  it.each([
    [401, 'host/not-allowed'],
    [200, 'host/unreachable'],
  ])('tells by a plain request (%i) that it is %s', async (status, code) => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(null, { status })));
    const opening = createBrowserTransport().openRpc(never);
    TestSocket.last?.close();
    await expect(opening).rejects.toMatchObject({ data: { code } });
  });

  it('calls a host that answers nothing unreachable', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    const opening = createBrowserTransport().openRpc(never);
    TestSocket.last?.close();
    await expect(opening).rejects.toMatchObject({ data: { code: 'host/unreachable' } });
  });
});

describe('openSession', () => {
  const open = () => {
    const heard: unknown[] = [];
    const channel = createBrowserTransport().openSession('a/b', {
      onFrame: (bytes) => heard.push([...bytes]),
      onClose: () => heard.push('closed'),
    });
    const socket = TestSocket.last;
    if (socket === undefined) throw new Error('No WebSocket was opened.');
    return { channel, socket, heard };
  };

  it('names the session in the address and asks for bytes', () => {
    const { socket } = open();
    expect(socket.url).toBe('ws://127.0.0.1:7777/sessions/a%2Fb');
    expect(socket.binaryType).toBe('arraybuffer');
  });

  it('sends what waited once it is open, and hands frames on', () => {
    const { channel, socket, heard } = open();
    channel.send(Uint8Array.of(1));
    expect(socket.sent).toEqual([]);
    socket.open();
    channel.send(Uint8Array.of(2));
    expect(socket.sent).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    socket.dispatchEvent(new MessageEvent('message', { data: Uint8Array.of(17, 65).buffer }));
    socket.close();
    expect(heard).toEqual([[17, 65], 'closed']);
  });

  it('lets a hang-up that waits out before it closes', () => {
    const { channel, socket, heard } = open();
    channel.send(Uint8Array.of(4, 1));
    channel.close();
    expect(socket.readyState).toBe(TestSocket.CONNECTING);
    socket.open();
    expect(socket.sent).toEqual([Uint8Array.of(4, 1)]);
    expect(socket.readyState).toBe(TestSocket.CLOSED);
    expect(heard).toEqual([]);
  });
});
