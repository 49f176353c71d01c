/** DNS over TCP (RFC 7766): a guest's connection to port 53, whatever the address. */
import { read16, write16 } from '../wire/bytes.ts';
import type { TcpFlow, TcpHandler } from '../stack/tcp-flows.ts';
import type { DnsService } from './dns-service.ts';

const maxHeldBytes = 8192;

/** Answers the queries of a connection, one after the other. */
export function answerDnsStream(flow: TcpFlow, service: DnsService): TcpHandler {
  let held = new Uint8Array();
  let isEnded = false;
  let isClosed = false;
  let isAnswering = false;
  const hasQuery = (): boolean => held.length >= 2 && held.length >= 2 + read16(held, 0);
  const step = async (): Promise<void> => {
    if (isAnswering) return;
    isAnswering = true;
    // A guest that asks and does not listen would fill the memory of the gateway.
    while (!isClosed && hasQuery() && flow.sendRoom > 0) {
      const end = 2 + read16(held, 0);
      const query = held.slice(2, end);
      held = held.slice(end);
      flow.use(end);
      const answer = await service.answer(query).catch(() => undefined);
      if (answer === undefined) {
        flow.abort();
        return;
      }
      const framed = new Uint8Array(2 + answer.length);
      write16(framed, 0, answer.length);
      framed.set(answer, 2);
      flow.write(framed);
    }
    isAnswering = false;
    if (isEnded && !hasQuery()) flow.end();
  };
  flow.accept();
  return {
    onEstablished: () => undefined,
    onData: (bytes) => {
      if (held.length + bytes.length > maxHeldBytes) {
        flow.abort();
        return;
      }
      const all = new Uint8Array(held.length + bytes.length);
      all.set(held);
      all.set(bytes, held.length);
      held = all;
      void step();
    },
    onEnd: () => {
      isEnded = true;
      void step();
    },
    onTaken: () => {
      void step();
    },
    onClosed: () => {
      isClosed = true;
    },
  };
}
