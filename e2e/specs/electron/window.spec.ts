/** The desktop window in a real Electron; see main/electron for what runs without one. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../../fixtures/electron-app.ts';

const launcher = path.resolve(import.meta.dirname, '../../../bin/skerry');

test('the page runs in its own origin, without Node and without Electron', async ({ desktop }) => {
  const { window } = desktop;
  await expect(window).toHaveURL(/^app:\/\/skerry\//);
  const globals = await window.evaluate(() => ({
    require: typeof Reflect.get(globalThis, 'require'),
    process: typeof Reflect.get(globalThis, 'process'),
    skerry: Object.keys(Reflect.get(globalThis, 'skerry') as object),
    isSecureContext,
  }));
  expect(globals).toEqual({
    require: 'undefined',
    process: 'undefined',
    skerry: [
      ...['kind', 'requestRpcPort', 'requestSessionPort', 'choosePath'],
      ...['setPreferences', 'showWindow'],
    ],
    isSecureContext: true,
  });
});

test('the policy lets no foreign script run and no request leave', async ({ desktop }) => {
  const seen = await desktop.window.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ranInline = true';
    document.head.append(script);
    const fetched = await fetch('https://example.org/').then(
      () => 'answered',
      () => 'refused',
    );
    const own = await fetch(location.href);
    return {
      fetched,
      inline: Reflect.get(globalThis, 'ranInline') as unknown,
      policy: own.headers.get('content-security-policy'),
    };
  });
  expect(seen.fetched).toBe('refused');
  expect(seen.inline).toBeUndefined();
  expect(seen.policy).toContain("default-src 'none'");
});

test('the page stays where it is, and asks before a link is opened', async ({ desktop }) => {
  const { electron, window } = desktop;
  await electron.evaluate(({ dialog }) => {
    const asked: unknown[] = [];
    Reflect.set(globalThis, 'asked', asked);
    Reflect.set(dialog, 'showMessageBox', (...values: { detail?: string }[]) => {
      asked.push(values.at(-1)?.detail);
      return Promise.resolve({ response: 2, checkboxChecked: false });
    });
  });
  const opened = await window.evaluate(() => {
    location.href = 'https://example.org/';
    return globalThis.open('https://example.org/link') === null;
  });
  expect(opened).toBe(true);
  await expect
    .poll(() => electron.evaluate(() => Reflect.get(globalThis, 'asked') as unknown))
    .toEqual(['https://example.org/link']);
  await expect(window).toHaveURL(/^app:\/\/skerry\//);
  expect(electron.windows()).toHaveLength(1);
});

test('the page has no permission but to write to the clipboard and to notify', async ({
  desktop,
}) => {
  const states = await desktop.window.evaluate(async () => {
    const state = async (name: string) =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    return [await state('geolocation'), await state('notifications'), await state('camera')];
  });
  expect(states).toEqual(['denied', 'granted', 'denied']);
});

test('the command line reaches the engine of the window', async ({ desktop }) => {
  const pid = desktop.electron.process().pid;
  const env = { ...process.env, SKERRY_HOME: desktop.home };
  await expect
    .poll(async () => {
      const { stdout } = await promisify(execFile)(launcher, ['doctor', '--json'], { env }).catch(
        (error: unknown) => error as { stdout: string },
      );
      return (JSON.parse(stdout) as { host: { pid: number } | null }).host?.pid;
    })
    .toBe(pid);
});

test('a second start shows the first window and ends', async ({ desktop }) => {
  expect(await desktop.startAgain()).toBe(0);
  expect(desktop.electron.windows()).toHaveLength(1);
});
