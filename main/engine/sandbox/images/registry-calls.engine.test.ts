/** The calls of images and registries that go to a registry, against an engine and a real one. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { makeCertificate } from '../../testing/certificates.ts';
import { writeBusyboxImage } from '../../testing/images.ts';
import { startRegistry } from '../../testing/registry.ts';
import { runTool } from '../../testing/run-tool.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { succeed, TestHome } from '../../testing/test-engine.ts';

const names = async ({ registries }: Engine): Promise<string[]> =>
  (await registries.list()).map(({ name }) => name);

describe('calls that go to a registry', () => {
  const temporary = useTemporaryDirectory();

  it('set it up, test it, pull, push and suggest', async () => {
    const layout = join(temporary.path, 'layout');
    const written = await writeBusyboxImage(layout);
    const { authority, ...tls } = await makeCertificate(temporary.path, 'IP:127.0.0.1');
    await using registry = await startRegistry({ tls });
    const reference = await registry.push(layout, 'latest', 'team/app:1');
    await using home = await TestHome.make();
    const engine = await home.open();
    const name = registry.host;

    // Unknown to the engine it is spoken to without TLS.
    const before = await engine.registries.test({ registry: name });
    expect(before.steps.at(-1)).toMatchObject({ step: 'api', result: 'fail' });
    await expect(
      engine.registries.configure(name, { isInsecure: false, caFile: layout, mirrors: [] }),
    ).rejects.toMatchObject({ code: 'registry/tls-failed' });
    expect(await names(engine)).not.toContain(name);
    const settings = { isInsecure: false, caFile: authority, mirrors: [] };
    expect(await engine.registries.configure(name, settings)).toMatchObject({ name, settings });
    const after = await engine.registries.test({ registry: name, repository: 'team/app' });
    expect(after.steps.filter(({ result }) => result === 'fail')).toEqual([]);

    await succeed(engine, await engine.images.pull(reference));
    const target = `${name}/other/app:2`;
    const pushed = await succeed(engine, await engine.images.push({ reference, as: target }));
    expect(pushed.outcome).toEqual({ references: [target], digest: written.manifest.digest });
    const notes = pushed.stages.map(({ note }) => note);
    expect(notes.filter((note) => note === 'mounted from team/app')).toHaveLength(2);
    const inspected = await runTool('skopeo', [
      ...['inspect', '--no-tags', '--tls-verify=false', `docker://${target}`],
    ]);
    expect(JSON.parse(inspected)).toMatchObject({ Digest: written.manifest.digest });

    const { suggestions, problem } = await engine.images.search(`${name}/other/app:`);
    expect({ suggestions, problem }).toEqual({
      suggestions: [{ reference: target, source: 'registry' }],
      problem: undefined,
    });

    // A host process that comes later knows it as well.
    await home.close();
    const again = await home.open();
    expect(await again.registries.list()).toContainEqual({ name, settings });
    await again.registries.remove(name);
    expect(await names(again)).not.toContain(name);
    await expect(
      succeed(again, await again.images.push({ reference, as: `${name}/third/app` })),
    ).rejects.toMatchObject({ code: 'registry/bad-answer' });
  });

  it('does not open over settings that it cannot read', async () => {
    await using home = await TestHome.make();
    const file = join(home.dir, 'registries.json');
    await mkdir(home.dir, { recursive: true });
    await writeFile(file, '{');
    await expect(home.open()).rejects.toMatchObject({ code: 'store/corrupt' });
    expect(await readFile(file, 'utf8')).toBe('{');
    await writeFile(file, '{"schemaVersion":1,"registries":{}}');
  });
});
