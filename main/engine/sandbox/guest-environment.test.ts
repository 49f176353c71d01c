import { describe, expect, it } from 'vitest';
import { guestHostname } from './boot-sandbox.ts';
import { planExec, planShell, type CommandContext } from './guest-environment.ts';

function aContext(change: Partial<CommandContext> = {}): CommandContext {
  return {
    config: { env: { LEVEL: 'sandbox', A: 'sandbox' }, shell: '/bin/sh' },
    image: { env: ['LEVEL=image', 'A=image', 'B=image=1', 'broken'], entrypoint: [], cmd: [] },
    ...change,
  };
}

describe('planExec', () => {
  it('lets the request win over the sandbox, and the sandbox over the image, key by key', () => {
    const request = { name: 'web', command: ['env'], env: { LEVEL: 'request' } };
    expect(planExec(request, aContext()).env).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LEVEL: 'request',
      A: 'sandbox',
      B: 'image=1',
    });
  });

  it('describes a terminal only to commands that have one', () => {
    const tty = { rows: 24, columns: 80 };
    const plan = planExec({ name: 'web', command: ['env'], tty }, aContext());
    expect(plan.env).toMatchObject({ TERM: 'xterm-256color', COLORTERM: 'truecolor' });
    expect(plan.tty).toEqual(tty);
  });

  it('takes directory and user from the nearest that names one', () => {
    const image = { env: [], entrypoint: [], cmd: [], workdir: '/image', user: 'app' };
    const request = { name: 'web', command: ['pwd'] };
    expect(planExec(request, aContext({ image }))).toMatchObject({
      workdir: '/image',
      user: 'app',
    });
    const config = { env: {}, shell: '/bin/sh', workdir: '/config' };
    expect(planExec(request, aContext({ image, config })).workdir).toBe('/config');
    const own = { ...request, workdir: '/own', user: '1000:1000' };
    expect(planExec(own, aContext({ image, config }))).toMatchObject({
      workdir: '/own',
      user: '1000:1000',
    });
    expect(planExec(request, aContext())).not.toHaveProperty('user');
  });

  it('runs what the image runs when no command is given, and else the shell', () => {
    const image = { env: [], entrypoint: ['/entry'], cmd: ['serve'] };
    const request = { name: 'web', command: [] };
    expect(planExec(request, aContext({ image })).command).toEqual(['/entry', 'serve']);
    expect(planExec(request, aContext()).command).toEqual(['/bin/sh']);
  });
});

describe('planShell', () => {
  it('is interactive without a script and runs one with -c', () => {
    expect(planShell({ name: 'web' }, aContext()).command).toEqual(['/bin/sh']);
    const config = { env: {}, shell: '/bin/bash' };
    const plan = planShell({ name: 'web', script: 'echo "$HOME"' }, aContext({ config }));
    expect(plan.command).toEqual(['/bin/bash', '-c', 'echo "$HOME"']);
  });
});

describe('guestHostname', () => {
  it.each([
    ['web', 'web'],
    ['my_box.1', 'my-box.1'],
    ['a-', 'a'],
    ['0__', '0'],
  ])('makes of %s the host name %s', (name, hostname) => {
    expect(guestHostname(name)).toBe(hostname);
  });
});
