import type { ClientContext, ClientLink } from '@orpc/client';
import type { ChoosePath } from './path-chooser.ts';

/** A way to call the host process that works until `closed` settles. */
export interface RpcConnection {
  readonly link: ClientLink<ClientContext>;
  /** Settles when the connection has ended, whichever side ended it. Never rejects. */
  readonly closed: Promise<void>;
  close(): void;
}

/** What a channel of frames reports; after `onClose` nothing follows. */
export interface FrameHandlers {
  onFrame(bytes: Uint8Array): void;
  /** The host process or the connection is gone. Not called after the page's own `close`. */
  onClose(): void;
}

/** The binary channel of one session: whole frames of `main/contract/session-frames.ts`. */
export interface FrameChannel {
  /** Frames sent before the channel is open go out, in order, once it is. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Lets go of the session; it goes on in the sandbox. */
  close(): void;
}

/** Settings of the window that the rest of the desktop app follows. */
export interface DesktopPreferences {
  readonly language: 'en' | 'de';
  readonly whenClosed: 'quit' | 'tray';
}

/** The desktop app around the window. */
export interface Desktop {
  setPreferences(preferences: DesktopPreferences): void;
  /** Brings the window to the front, also where it is hidden. */
  showWindow(): void;
}

/** One way to reach a host process. */
export interface Transport {
  readonly kind: 'browser' | 'electron' | 'fake';
  /** @throws BridgeError `host/unreachable` or `host/not-allowed` */
  openRpc(signal: AbortSignal): Promise<RpcConnection>;
  openSession(sessionId: string, handlers: FrameHandlers): FrameChannel;
  /** Only where the desktop has a dialog for it. */
  readonly choosePath?: ChoosePath;
  /** Only in its window. */
  readonly desktop?: Desktop;
}
