import { describe, expect, it } from 'vitest';
import { whyNoWindow } from './app.mjs';
import { parseKernelOptions, parseStartOptions, parseTestOptions } from './options.mjs';
import { checkNode } from './set-up/set-up.mjs';
import { formatSeconds } from './set-up/step.mjs';

describe('parseStartOptions', () => {
  it('opens a browser and asks, unless told otherwise', () => {
    expect(parseStartOptions([])).toEqual({ yes: false, port: undefined, open: true });
    const args = ['--yes', '--port', '8080', '--no-open'];
    expect(parseStartOptions(args)).toEqual({ yes: true, port: 8080, open: false });
  });

  it.each([['--bogus'], ['serve'], ['--port'], ['--yes=no']])(
    'refuses %s with the options',
    (arg) => {
      expect(() => parseStartOptions([arg])).toThrow('--no-open');
    },
  );

  it.each(['-1', '65536', '80a', '', '0x50'])('refuses the port %j', (port) => {
    expect(() => parseStartOptions([`--port=${port}`])).toThrow('is not a port');
  });
});

describe('parseTestOptions', () => {
  it('knows --yes alone', () => {
    expect(parseTestOptions(['--yes'])).toEqual({ yes: true });
    expect(() => parseTestOptions(['--port', '1'])).toThrow('Usage: npm test');
  });
});

describe('parseKernelOptions', () => {
  it('knows --yes alone', () => {
    expect(parseKernelOptions([])).toEqual({ yes: false });
    expect(() => parseKernelOptions(['--port', '1'])).toThrow('Usage: npm run kernel');
  });
});

describe('checkNode', () => {
  it.each(['20.11.0', '20.19.4', '22.1.0', '24.0.0'])('takes Node %s', (version) => {
    expect(() => {
      checkNode(version);
    }).not.toThrow();
  });

  it.each(['18.20.1', '20.10.0'])('refuses Node %s', (version) => {
    expect(() => {
      checkNode(version);
    }).toThrow(`Node ${version} is too old`);
  });
});

describe('whyNoWindow', () => {
  const desktop = { platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' }, isRoot: false };

  it('finds nothing against a user at a display', () => {
    expect(whyNoWindow(desktop)).toBeUndefined();
    expect(whyNoWindow({ platform: 'darwin', env: {}, isRoot: false })).toBeUndefined();
  });

  it('says what is missing', () => {
    expect(whyNoWindow({ ...desktop, env: {} })).toBe('there is no display');
    expect(whyNoWindow({ ...desktop, isRoot: true })).toBe('Electron does not run as root');
  });
});

describe('formatSeconds', () => {
  it.each([
    [340, '0.3 s'],
    [12_400, '12 s'],
    [125_000, '2 min 5 s'],
  ])('writes %i ms as %s', (durationMs, text) => {
    expect(formatSeconds(durationMs)).toBe(text);
  });
});
