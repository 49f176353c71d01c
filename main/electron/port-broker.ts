/** Gives a page the ports it asks for: one for the procedures, one for each session it shows. */
import { MessageChannelMain, type IpcMainEvent, type MessagePortMain } from 'electron';
import { channels, isId } from './channels.ts';
import type { DesktopHost } from './desktop-host.ts';
import { onTrustedMessage } from './ipc-guard.ts';

/** Where the hosts come from; see host-keeper.ts. */
export interface HostSource {
  get(): Promise<DesktopHost>;
}

/** Answers the preload script's requests. A request with an id that is none is dropped. */
export function brokerPorts(hosts: HostSource): void {
  onTrustedMessage(channels.requestRpcPort, (event, requestId) => {
    if (!isId(requestId)) return;
    void hand(event, channels.rpcPort, requestId, hosts, (host, port) => {
      host.serveRpc(port);
    });
  });
  onTrustedMessage(channels.requestSessionPort, (event, requestId, sessionId) => {
    if (!isId(requestId) || !isId(sessionId)) return;
    void hand(event, channels.sessionPort, requestId, hosts, (host, port) => {
      host.serveSession(port, sessionId);
    });
  });
}

async function hand(
  event: IpcMainEvent,
  channel: string,
  requestId: string,
  hosts: HostSource,
  serve: (host: DesktopHost, port: MessagePortMain) => void,
): Promise<void> {
  // The frame that asked, not whatever the window shows when the host has opened.
  const frame = event.senderFrame;
  const { port1, port2 } = new MessageChannelMain();
  // The page gets its end at once: what it sends waits in the port while the host opens.
  frame?.postMessage(channel, requestId, [port2]);
  const left = new AbortController();
  port1.on('close', () => {
    left.abort();
  });
  const host = await hosts.get();
  if (!left.signal.aborted) serve(host, port1);
}
