import { createContext, use, type ReactNode } from 'react';
import type { Connection } from './connection.ts';
import type { ChoosePath } from './path-chooser.ts';
import type { FrameChannel, FrameHandlers, Transport } from './transport.ts';

/** What a feature may ask of the host process. */
export interface Bridge {
  readonly kind: Transport['kind'];
  readonly connection: Connection;
  readonly openSession: (sessionId: string, handlers: FrameHandlers) => FrameChannel;
  /** Undefined where paths can only be typed: in a browser. */
  readonly choosePath?: ChoosePath | undefined;
}

const BridgeContext = createContext<Bridge | undefined>(undefined);

/** Gives the bridge to everything below. */
export function BridgeProvider(props: { readonly bridge: Bridge; readonly children: ReactNode }) {
  return <BridgeContext value={props.bridge}>{props.children}</BridgeContext>;
}

/** The window's one bridge. */
export function useBridge(): Bridge {
  const bridge = use(BridgeContext);
  if (bridge === undefined) throw new Error('useBridge was called outside BridgeProvider.');
  return bridge;
}
