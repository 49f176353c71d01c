/** What the engine and the thread of its gateways say to each other. Structured clones. */
import type { HostListener, PortMapping } from '../../../contract/config/port-mapping.ts';
import type { NetworkAnswer, NetworkQuestion } from '../../../contract/network.ts';
import type { CountedDecision } from './decision-reporter.ts';
import type { GatewaySettings, Traffic } from './gateway.ts';

/** A call for one gateway, which is answered once. */
export type GatewayCall =
  | { readonly type: 'open'; readonly socketPath: string; readonly settings: GatewaySettings }
  | { readonly type: 'configure'; readonly settings: GatewaySettings }
  | { readonly type: 'add-port'; readonly port: PortMapping }
  | { readonly type: 'remove-port'; readonly listener: HostListener }
  | { readonly type: 'ask'; readonly question: NetworkQuestion }
  | { readonly type: 'traffic' }
  | { readonly type: 'close' };

/** To the thread. */
export interface GatewayRequest {
  readonly id: number;
  /** Id of the sandbox. */
  readonly gateway: string;
  readonly call: GatewayCall;
}

/** From the thread. */
export type GatewayMessage =
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly value: NetworkAnswer | Traffic | undefined;
    }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly message: string;
      /** Of the system: `EADDRINUSE`. */
      readonly code: string | undefined;
    }
  | { readonly type: 'decisions'; readonly gateway: string; readonly decisions: CountedDecision[] }
  | { readonly type: 'link'; readonly gateway: string; readonly isUp: boolean };
