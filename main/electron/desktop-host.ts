/** What stands behind a window: the engine in this process, or another host process. */
import type { MessagePortMain } from 'electron';
import type { Sandbox } from '../contract/sandbox.ts';

/** Answers a window's ports, whichever process the engine runs in. */
export interface DesktopHost {
  /** Serves the procedures of the contract until either end closes the port. */
  serveRpc(port: MessagePortMain): void;
  /** Serves the binary channel of one session until either end closes the port. */
  serveSession(port: MessagePortMain, sessionId: string): void;
  /** Sandboxes that run and go on when this process ends; 0 where another process has them. */
  runningCount(): number;
  /** Calls back with the sandboxes, at once and after every change, until called. */
  watchSandboxes(listener: (sandboxes: readonly Sandbox[]) => void): () => void;
  /** Stops a running sandbox; fails as the engine does. */
  stopSandbox(name: string): Promise<void>;
  /** Whether the next window should open the host anew: it failed, or its process went away. */
  readonly ended: boolean;
  close(): Promise<void>;
}
