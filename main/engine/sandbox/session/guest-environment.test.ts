import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { aConfig } from '../../testing/a-config.ts';
import { planExec, planShell, type CommandContext } from './guest-environment.ts';
import { guestHostname } from '../plan-boot.ts';

function aContext(change: Partial<CommandContext> = {}): CommandContext {
  return {
    config: aConfig({ env: { LEVEL: 'sandbox', A: 'sandbox' } }),
    image: { env: ['LEVEL=image', 'A=image', 'B=image=1', 'broken'], entrypoint: [], cmd: [] },
    version: '1.2.3',
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
    expect(plan.env).toMatchObject({
      ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      ...{ TERM_PROGRAM: 'skerry', TERM_PROGRAM_VERSION: '1.2.3' },
      LANG: 'C.UTF-8',
    });
    expect(plan.tty).toEqual(tty);
  });

  it.each([
    [{ image: { env: ['LC_ALL=de_DE.UTF-8'], entrypoint: [], cmd: [] } }, {}],
    [{ config: aConfig({ env: { LC_CTYPE: 'C' } }) }, {}],
    [{}, { LANG: 'POSIX' }],
  ])('leaves the language alone where %j or %j has one', (context, env) => {
    const tty = { rows: 24, columns: 80 };
    const plan = planExec({ name: 'web', command: ['env'], tty, env }, aContext(context));
    expect(plan.env['LANG']).toBe('LANG' in env ? env.LANG : undefined);
  });

  it('takes directory and user from the nearest that names one', () => {
    const image = { env: [], entrypoint: [], cmd: [], workdir: '/image', user: 'app' };
    const request = { name: 'web', command: ['pwd'] };
    expect(planExec(request, aContext({ image }))).toMatchObject({
      workdir: '/image',
      user: 'app',
    });
    const config = aConfig({ workdir: '/config' });
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

  it('lets what the sandbox runs win over the image, whose cmd goes with its entrypoint', () => {
    const image = { env: [], entrypoint: ['/entry'], cmd: ['serve'] };
    const command = (own: Parameters<typeof aConfig>[0]) =>
      planExec({ name: 'web', command: [] }, aContext({ image, config: aConfig(own) })).command;
    expect(command({ cmd: ['test'] })).toEqual(['/entry', 'test']);
    expect(command({ entrypoint: ['/own'] })).toEqual(['/own']);
    expect(command({ entrypoint: ['/own'], cmd: ['x'] })).toEqual(['/own', 'x']);
    expect(command({ entrypoint: [] })).toEqual(['/bin/sh']);
  });

  it('takes the user of the request, of the sandbox, of the image, in this order', () => {
    const image = { env: [], entrypoint: [], cmd: [], user: 'app' };
    const config = aConfig({ user: 'dev' });
    const request = { name: 'web', command: ['id'] };
    expect(planExec(request, aContext({ image, config })).user).toBe('dev');
    expect(planExec({ ...request, user: 'root' }, aContext({ image, config })).user).toBe('root');
  });

  it('has the scripts first on the PATH, wherever that comes from', () => {
    const scripts = { greet: 'echo hi' };
    const pathOf = (config: CommandContext['config'], env = {}) =>
      planExec({ name: 'web', command: ['greet'], env }, aContext({ config })).env['PATH'];
    expect(pathOf(aConfig({ scripts }))).toMatch(/^\/\.msb\/scripts:\/usr\/local\/sbin:/);
    expect(pathOf(aConfig({ scripts, env: { PATH: '/own' } }))).toBe('/.msb/scripts:/own');
    expect(pathOf(aConfig({ scripts }), { PATH: '/only' })).toBe('/only');
    expect(pathOf(aConfig())).not.toContain('.msb');
  });
});

describe('planShell', () => {
  it('is interactive without a script and runs one with -c', () => {
    expect(planShell({ name: 'web' }, aContext()).command).toEqual(['/bin/sh']);
    const config = aConfig({ shell: '/bin/bash' });
    const plan = planShell({ name: 'web', script: 'echo "$HOME"' }, aContext({ config }));
    expect(plan.command).toEqual(['/bin/bash', '-c', 'echo "$HOME"']);
  });

  it('has bash mark its prompts where it is interactive in a terminal, unless the image sets the same', () => {
    const tty = { rows: 24, columns: 80 };
    expect(planShell({ name: 'web', tty }, aContext()).env).toMatchObject({
      PROMPT_COMMAND: expect.stringContaining('133;A') as string,
      PS0: expect.stringContaining('133;C') as string,
    });
    expect(planShell({ name: 'web' }, aContext()).env).not.toHaveProperty('PROMPT_COMMAND');
    const script = planShell({ name: 'web', script: 'true', tty }, aContext());
    expect(script.env).not.toHaveProperty('PROMPT_COMMAND');
    const image = { env: ['PROMPT_COMMAND=date'], entrypoint: [], cmd: [] };
    expect(planShell({ name: 'web', tty }, aContext({ image })).env).toMatchObject({
      PROMPT_COMMAND: 'date',
    });
  });
});

describe('the marks of a real bash', () => {
  it('are around its prompts and before the output of its commands', () => {
    const tty = { rows: 24, columns: 80 };
    const { env } = planShell({ name: 'web', tty }, aContext());
    const bash = 'exec bash --norc -i 2>&1';
    const { stdout } = spawnSync('sh', ['-c', bash], {
      input: 'echo hi\nfalse\n',
      env: { ...env, HISTFILE: '', PS1: '$ ' },
      encoding: 'utf8',
    });
    expect(stdout).toContain('\x1b]133;D;0\x07\x1b]133;A\x07$ ');
    expect(stdout).toContain('\x1b]133;C\x07hi\n\x1b]133;D;0\x07\x1b]133;A\x07$ ');
    expect(stdout).toContain('\x1b]133;C\x07\x1b]133;D;1\x07\x1b]133;A\x07$ ');
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
