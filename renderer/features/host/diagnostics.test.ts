import { unpackTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import type { Diagnostics } from '../../../main/contract/diagnostics.ts';
import { BridgeError } from '../../bridge/bridge-error.ts';
import type { SkerryClient } from '../../bridge/connection.ts';
import { packDiagnostics, textOfDiagnostics } from './diagnostics-archive.ts';
import { closeDiagnostics, createDiagnosticsStore, openDiagnostics } from './diagnostics-store.ts';

const bundle: Diagnostics = {
  fileName: 'skerry-diagnostics-1.tar',
  files: [
    { path: 'host.json', text: '{}\n', isCut: false },
    { path: 'sandboxes/web/console.log', text: 'grüße\n', isCut: true },
  ],
  redactions: ['2 tokens'],
};
const clientThat = (diagnostics: () => Promise<unknown>) =>
  ({ host: { diagnostics } }) as unknown as SkerryClient;

describe('a bundle', () => {
  it('is a tar file with one folder', async () => {
    const archive = await (await packDiagnostics(bundle)).arrayBuffer();
    const entries = await unpackTar(archive);
    expect(
      entries.map(({ header, data }) => [header.name, new TextDecoder().decode(data)]),
    ).toEqual([
      ['skerry-diagnostics-1/host.json', '{}\n'],
      ['skerry-diagnostics-1/sandboxes/web/console.log', 'grüße\n'],
    ]);
  });

  it('is one text', () => {
    expect(textOfDiagnostics(bundle)).toBe(
      'Taken out: 2 tokens\n\n==> host.json <==\n{}\n\n==> sandboxes/web/console.log <==\ngrüße\n',
    );
  });
});

describe('openDiagnostics', () => {
  it('shows the bundle, or why there is none', async () => {
    const store = createDiagnosticsStore();
    await openDiagnostics(
      clientThat(() => Promise.resolve(bundle)),
      store,
    );
    expect(store.getState()).toEqual({ isOpen: true, diagnostics: bundle, error: undefined });
    await openDiagnostics(
      clientThat(() => Promise.reject(new BridgeError('host/unreachable', 'Away.'))),
      store,
    );
    expect(store.getState()).toMatchObject({
      diagnostics: undefined,
      error: { code: 'host/unreachable' },
    });
  });

  it('keeps nothing of a bundle that nobody waits for any more', async () => {
    const store = createDiagnosticsStore();
    const answer = Promise.withResolvers<unknown>();
    const opening = openDiagnostics(
      clientThat(() => answer.promise),
      store,
    );
    closeDiagnostics(store);
    answer.resolve(bundle);
    await opening;
    expect(store.getState()).toEqual({ isOpen: false, diagnostics: undefined, error: undefined });
  });
});
