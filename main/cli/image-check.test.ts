/** `skerry images check`; the engine is a fake. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { CliFixture } from './testing/cli-fixture.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const layer = {
  kind: 'layer',
  subject: digest,
  problem: 'Its index is damaged.',
  remedy: 'It was unpacked again from its blob.',
  isMended: true,
} as const;
const reference = {
  kind: 'reference',
  subject: 'registry.example/a\u001b[2J',
  problem: 'Parts of its image are damaged or missing.',
  remedy: 'Run `skerry pull registry.example/a`.',
  isMended: false,
} as const;

describe('images check', () => {
  let cli: CliFixture;
  let engine: FakeEngine;

  beforeEach(async () => {
    engine = new FakeEngine();
    cli = await CliFixture.start(engine);
  });
  afterEach(async () => {
    await cli[Symbol.asyncDispose]();
  });

  async function check(...options: string[]): Promise<{ code: number | null; text: string }> {
    const { code, stdout, stderr } = await cli.call(['images', 'check', ...options]);
    expect(stderr).toBe('');
    return { code, text: stdout.toString() };
  }

  it('says that nothing is wrong', async () => {
    const text = '1 blob was looked at.\nNothing is wrong.\n';
    expect(await check()).toEqual({ code: 0, text });
  });

  it('fails for what is wrong, until it is mended', async () => {
    engine.damage(layer);
    const [before, mended, after] = [await check(), await check('--mend'), await check()];
    expect(before.code).toBe(1);
    expect(before.text).toContain(`✗ layer ${digest}\n  Its index is damaged.\n  → It was`);
    expect(mended.code).toBe(0);
    expect(mended.text).toContain(`✓ layer ${digest}\n`);
    expect(after.code).toBe(0);
  });

  it('fails for what cannot be mended, and says it safely', async () => {
    engine.damage(layer);
    engine.damage(reference);
    const { code, text } = await check('--mend');
    expect(code).toBe(1);
    expect(text).toContain('✗ reference registry.example/a\ufffd[2J\n');
  });

  it.each([[['images', 'check', '--json']], [['images', '--json', 'check']]])(
    'prints JSON for %j',
    async (args) => {
      engine.damage(reference);
      const { code, stdout } = await cli.call(args);
      expect(code).toBe(1);
      expect(JSON.parse(stdout.toString())).toEqual({
        looked: '1 blob was looked at.',
        findings: [reference],
      });
    },
  );

  it('leaves `images` as it was', async () => {
    const { code, stdout } = await cli.call(['images']);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/^IMAGE [^]*skerry\/starter/);
    expect((await cli.call(['images', 'chek'])).code).toBe(2);
  });
});
