/**
 * The first exchange on a port: flush, HELLO, the guest's reply, the sessions it has.
 */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { AppError, cancelledError } from '../base/app-error.ts';
import { FrameParser, protocolError } from './frame-codec.ts';
import { parseGuestFrame, type GuestMessage, type ListedSession } from './guest-messages.ts';
import { nonceBytes, protocolVersion } from './host-messages.ts';
import { ReplyFinder } from './reply-finder.ts';
import { sayHello } from './say-hello.ts';

const maxListedSessions = 1024;

/** What a guest says of itself. */
export interface Greeting {
  readonly isSetUp: boolean;
  readonly bootMs: number;
  readonly sessions: readonly { readonly stream: number; readonly session: ListedSession }[];
  /** In the state it is in; whoever reads on uses it. */
  readonly parser: FrameParser;
  /** Messages that came right behind the greeting. */
  readonly rest: readonly GuestMessage[];
}

/**
 * Leaves the port paused, with no listener of its own.
 * @throws AppError `agent/timeout`, `agent/protocol`, `agent/disconnected`, `operation/cancelled`
 */
export function greet(
  port: Duplex,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<Greeting> {
  const nonce = randomBytes(nonceBytes);
  const collector = new GreetingCollector(nonce);
  return new Promise((resolve, reject) => {
    let fallSilent = (): void => undefined;
    const finish = (settle: () => void): void => {
      fallSilent();
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      port.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      port.pause();
      settle();
    };
    const fail = (error: Error): void => {
      finish(() => {
        reject(error);
      });
    };
    const onData = (chunk: Uint8Array): void => {
      try {
        const greeting = collector.push(chunk);
        if (greeting === undefined) return;
        finish(() => {
          resolve(greeting);
        });
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const onError = (error: Error): void => {
      fail(new AppError('agent/disconnected', error.message, { cause: error }));
    };
    const onEnd = (): void => {
      fail(new AppError('agent/disconnected', 'The guest closed its port before it answered.'));
    };
    const onAbort = (): void => {
      fail(cancelledError('The connection to the guest'));
    };
    const timer = setTimeout(() => {
      const seconds = String(timeoutMs / 1000);
      fail(new AppError('agent/timeout', `The guest did not answer within ${seconds} seconds.`));
    }, timeoutMs);
    port.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    else if (port.destroyed) onEnd();
    else fallSilent = sayHello(port, nonce);
  });
}

/** Reads up to the end of the session list. Pure. */
class GreetingCollector {
  readonly #finder: ReplyFinder;
  readonly #parser = new FrameParser();
  readonly #sessions = new Map<number, ListedSession>();
  #reply: Extract<GuestMessage, { type: 'hello-reply' }> | undefined;
  #wasFound = false;

  constructor(nonce: Uint8Array) {
    this.#finder = new ReplyFinder(nonce);
  }

  push(chunk: Uint8Array): Greeting | undefined {
    const bytes = this.#wasFound ? chunk : this.#finder.push(chunk);
    if (bytes === undefined) return undefined;
    this.#wasFound = true;
    const messages = this.#parser.push(bytes).flatMap((frame) => parseGuestFrame(frame) ?? []);
    for (const [index, message] of messages.entries()) {
      const greeting = this.#take(message);
      if (greeting !== undefined) return { ...greeting, rest: messages.slice(index + 1) };
    }
    return undefined;
  }

  #take(message: GuestMessage): Omit<Greeting, 'rest'> | undefined {
    if (message.type === 'hello-reply' && this.#reply === undefined) {
      checkVersion(message.version);
      this.#reply = message;
    } else if (message.type === 'session' && this.#sessions.size < maxListedSessions) {
      this.#sessions.set(message.stream, message.session);
    } else if (message.type === 'sessions-end' && this.#reply !== undefined) {
      const sessions = [...this.#sessions].map(([stream, session]) => ({ stream, session }));
      const { isSetUp, bootMs } = this.#reply;
      return { isSetUp, bootMs, sessions, parser: this.#parser };
    } else {
      throw protocolError('broke the order of the greeting');
    }
    return undefined;
  }
}

function checkVersion(version: number): void {
  if (version === protocolVersion) return;
  throw new AppError('agent/protocol', 'The guest agent speaks another version of the protocol.', {
    hint: 'Restart the sandbox, so that it gets the agent of this version of Skerry.',
  });
}
