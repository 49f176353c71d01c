/** What the engine and the thread of its mirrors say to each other. Structured clones. */
import type { WriteBatch } from './mirror-writes.ts';
import type { TerminalSize, TerminalSnapshot } from './terminal-mirror.ts';

/** To the thread, for one mirror; done in order. */
export type MirrorCall =
  | { readonly type: 'open'; readonly size: TerminalSize }
  | { readonly type: 'write'; readonly batch: WriteBatch }
  | { readonly type: 'resize'; readonly size: TerminalSize }
  | { readonly type: 'snapshot' }
  | { readonly type: 'close' };

/** A {@link MirrorCall} and the number of the mirror that it is for. */
export interface MirrorRequest {
  readonly mirror: number;
  readonly call: MirrorCall;
}

/** From the thread, in the order of what it is about. */
export type MirrorMessage =
  | { readonly type: 'parsed'; readonly mirror: number; readonly byteCount: number }
  | { readonly type: 'snapshot'; readonly mirror: number; readonly snapshot: TerminalSnapshot }
  | { readonly type: 'answer'; readonly mirror: number; readonly text: string }
  | { readonly type: 'title'; readonly mirror: number; readonly title: string }
  /** It has failed, and is gone; the others go on. */
  | { readonly type: 'lost'; readonly mirror: number; readonly reason: string };
