/** An in-memory host behind the same bridge: for work on the window without machines. */
import { createRouterClient } from '@orpc/server';
import type { ClientContext, ClientLink } from '@orpc/client';
import { aSandbox, anError, anImage } from '../../testing/builders.ts';
import type { Transport } from '../transport.ts';
import { FakeHost, type FakeHostOptions } from './fake-host.ts';
import { createFakeRouter } from './fake-router.ts';
import { openFakeShell } from './fake-shell.ts';

/** Begins as the page's `?fake=` says: `empty` (by default), `some` or `many` sandboxes. */
export function createFakeTransport(
  options: FakeHostOptions = scene(globalThis.location.search),
): Transport & { readonly host: FakeHost } {
  const host = new FakeHost(options);
  const client: unknown = createRouterClient(createFakeRouter(host));
  const link: ClientLink<ClientContext> = {
    call: (path, input, callOptions) => {
      let procedure: unknown = client;
      for (const step of path) procedure = (procedure as Record<string, unknown>)[step];
      return (procedure as (...all: unknown[]) => Promise<unknown>)(input, callOptions);
    },
  };
  return {
    kind: 'fake',
    host,
    openRpc: () => {
      let close: () => void = () => undefined;
      const closed = new Promise<void>((resolve) => (close = resolve));
      return Promise.resolve({ link, closed, close });
    },
    openSession: (sessionId, handlers) =>
      openFakeShell(host.sessions.get(sessionId)?.sandbox ?? 'sandbox', handlers, () => {
        host.sessions.delete(sessionId);
      }),
  };
}

function scene(search: string): FakeHostOptions {
  const name = new URLSearchParams(search).get('fake') ?? 'empty';
  const now = Date.now();
  const images = [
    anImage({ pulledAtMs: now - 3_600_000 }),
    anImage({
      reference: 'debian:bookworm',
      diskBytes: 139_460_608,
      downloadBytes: 50_331_648,
      pulledAtMs: now - 86_400_000,
    }),
  ];
  if (name === 'many') {
    const sandboxes = Array.from({ length: 200 }, (_, index) =>
      aSandbox({
        name: `box-${String(index).padStart(3, '0')}`,
        createdAtMs: now - index * 60_000,
        state: index % 3 === 0 ? 'stopped' : 'running',
      }),
    );
    return { images, sandboxes };
  }
  if (name !== 'some') return { images };
  return {
    images,
    sandboxes: [
      aSandbox({
        name: 'web-api',
        config: {
          ...{ image: 'debian:bookworm', cpus: 2, memoryMiB: 1024 },
          network: {
            deny: ['telemetry.example.org'],
            ports: ['8080:80', '0.0.0.0:5353:53/udp'],
          },
        },
        createdAtMs: now - 7_200_000,
        startedAtMs: now - 300_000,
      }),
      aSandbox({ name: 'scratch', createdAtMs: now - 600_000, startedAtMs: now - 590_000 }),
      aSandbox({ name: 'old-py', state: 'stopped', createdAtMs: now - 8 * 86_400_000 }),
      aSandbox({
        name: 'kernel-lab',
        state: 'crashed',
        createdAtMs: now - 3 * 86_400_000,
        lastError: anError('vm/crashed', {
          message: 'QEMU ended with signal 9 (SIGKILL) after 41 s.',
          details: { console: '[   41.02] Out of memory: Killed process 88 (cc1plus)' },
        }),
      }),
    ],
  };
}
