import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/app-error.ts';
import type { AgentExec } from '../../agent/agent.ts';
import { aConfig } from '../../testing/a-config.ts';
import { FakeAgent } from '../../testing/fake-agent.ts';
import { startShell } from './start-shell.ts';

/** An agent whose image has these programs. */
class ImageAgent extends FakeAgent {
  readonly #has: readonly string[];

  constructor(has: readonly string[]) {
    super();
    this.#has = has;
  }

  override exec(request: AgentExec) {
    const [path = ''] = request.command;
    if (path === '/bin/noexec') return Promise.reject(new AppError('exec/not-executable', 'No.'));
    if (!this.#has.includes(path)) return Promise.reject(new AppError('exec/not-found', 'No.'));
    return super.exec(request);
  }
}

const image = { env: [], entrypoint: [], cmd: [] };
const context = (shell: string) => ({ config: aConfig({ shell }), image, version: '1.2.3' });

describe('startShell', () => {
  it.each([
    ['/bin/bash', ['/bin/bash', '/bin/sh'], { path: '/bin/bash' }],
    ['/bin/bash', ['/bin/sh'], { path: '/bin/sh', wanted: '/bin/bash' }],
    ['/bin/noexec', ['/busybox/sh'], { path: '/busybox/sh', wanted: '/bin/noexec' }],
  ])('of an image that should have %s and has %j starts %j', async (shell, has, started) => {
    const agent = new ImageAgent(has);
    const request = { name: 'web', script: 'echo hi' };
    expect((await startShell(agent, request, context(shell))).shell).toEqual(started);
    expect(agent.executed.map(({ command }) => command)).toEqual([[started.path, '-c', 'echo hi']]);
  });

  it('says that an image has none, and what to do', async () => {
    const starting = startShell(new ImageAgent([]), { name: 'web' }, context('/bin/sh'));
    await expect(starting).rejects.toMatchObject({
      ...{ code: 'exec/not-found', message: 'The image of "web" has no shell.' },
      hint: expect.stringContaining('skerry exec') as string,
    });
  });

  it('tries no other shell where something else is wrong', async () => {
    const agent = new FakeAgent();
    agent.exec = () => Promise.reject(new AppError('exec/bad-user', 'Nobody is called so.'));
    await expect(startShell(agent, { name: 'web' }, context('/bin/sh'))).rejects.toMatchObject({
      code: 'exec/bad-user',
    });
  });
});
