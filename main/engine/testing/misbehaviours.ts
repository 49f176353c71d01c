/** What a registry or the line to it can do wrong. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Misbehaviour } from './misbehaving-registry.ts';

/** The line breaks after so many bytes of the body. */
export function cutAfter(byteCount: number): Misbehaviour {
  return async ({ ask, response }) => {
    const { status, headers, body } = await ask();
    response.writeHead(status, headers);
    // Those bytes are to arrive: an answer that is destroyed at once takes them with it.
    response.write(body.subarray(0, byteCount), () => {
      response.socket?.end();
    });
  };
}

/** The body comes up to a byte, and the rest when the promise resolves, if ever. */
export function pauseAfter(byteCount: number, until: Promise<unknown>): Misbehaviour {
  return async ({ ask, response }) => {
    const { status, headers, body } = await ask();
    response.writeHead(status, headers);
    response.write(body.subarray(0, byteCount));
    await until;
    response.end(body.subarray(byteCount));
  };
}

/** Nothing comes until the promise resolves; then what the registry says at that time. */
export function holdUntil(until: Promise<unknown>): Misbehaviour {
  return async ({ ask, give }) => {
    await until;
    give(await ask());
  };
}

/** Not even the head ever comes. */
export const stall: Misbehaviour = () => undefined;

/** The body comes in small pieces with pauses between them. */
export function drip(pieceBytes: number, pauseMs: number): Misbehaviour {
  return async ({ ask, response }) => {
    const { status, headers, body } = await ask();
    response.writeHead(status, headers);
    for (let at = 0; at < body.length && !response.destroyed; at += pieceBytes) {
      response.write(body.subarray(at, at + pieceBytes));
      await delay(pauseMs);
    }
    response.end();
  };
}

/** A status of its own. */
export function answerWith(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '{"errors":[]}',
): Misbehaviour {
  return ({ response }) => {
    response.writeHead(status, headers).end(body);
  };
}

/** The body ends early and the length says so; or the length is that of the whole. */
export function truncate(
  byteCount: number,
  saysLength: 'short' | 'whole' | 'nothing',
): Misbehaviour {
  return async ({ ask, response }) => {
    const { status, headers, body } = await ask();
    const { 'content-length': _, ...others } = headers;
    const length = saysLength === 'short' ? byteCount : body.length;
    response.writeHead(status, {
      ...others,
      ...(saysLength === 'nothing' ? {} : { 'content-length': length }),
    });
    const part = body.subarray(0, byteCount);
    if (saysLength !== 'whole') response.end(part);
    else response.write(part, () => response.socket?.end());
  };
}

/** Other bytes of the same number. */
export const changeBytes: Misbehaviour = async ({ ask, give }) => {
  const answer = await ask();
  const body = Buffer.from(answer.body);
  const middle = Math.floor(body.length / 2);
  body[middle] = (body[middle] ?? 0) ^ 1;
  give({ ...answer, body });
};

/** More bytes than there are. */
export const sayMore: Misbehaviour = async ({ ask, give }) => {
  const answer = await ask();
  const body = Buffer.concat([answer.body, Buffer.alloc(1000, 'more')]);
  give({ ...answer, headers: { ...answer.headers, 'content-length': String(body.length) }, body });
};

/** The body never ends. */
export const neverEnd: Misbehaviour = async ({ ask, response }) => {
  const { status, headers, body } = await ask();
  const { 'content-length': _, ...others } = headers;
  response.writeHead(status, others);
  response.write(body);
  const piece = Buffer.alloc(64 * 1024, 'more');
  const send = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', send);
  };
  send();
};

/** The whole blob, whatever part was asked for. */
export const ignoreRange: Misbehaviour = async ({ ask, give }) => {
  give(await ask({}));
};

/** Another part than was asked for, and says so. */
export const giveOtherRange: Misbehaviour = async ({ ask, give }) => {
  give(await ask({ range: 'bytes=0-9' }));
};

/** Another part than was asked for, under the name of the right one. */
export const lieAboutRange: Misbehaviour = async ({ ask, give }) => {
  const right = await ask();
  give({ ...right, body: Buffer.alloc(right.body.length, 'x') });
};

/** The same path elsewhere. */
export function redirectTo(host: string): Misbehaviour {
  return ({ request, response }) => {
    response.writeHead(307, { location: `http://${host}${request.url}` }).end();
  };
}
