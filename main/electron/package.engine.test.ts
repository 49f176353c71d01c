/** `npm run package` as far as it goes without Electron's binary: a stand-in is in its place. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import asar from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../contract/operation.ts';
import { loadGuestAssets } from '../engine/host/guest-assets-folder.ts';
import { resolvePaths } from '../engine/index.ts';
import { writeElectronDist } from './testing/electron-dist.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

let dir: string;
let appOut: string;
let archive: string;
let guestAssets: string;
let entries: string[];
let debArguments: string[];

/** In place of fpm, which makes the .deb: keeps what it is told, and the desktop entry. */
function writeFpm(): string {
  const file = path.join(dir, 'fpm');
  const script = `#!/bin/sh
printf '%s\\0' "$@" > '${dir}/fpm-arguments'
for argument; do
  case $argument in *.desktop=*) cp "\${argument%%=*}" '${dir}/entry.desktop' ;; esac
done
`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'skerry-package-'));
  writeElectronDist(path.join(dir, 'electron'));
  // Set-up builds them before any engine test runs.
  guestAssets = (await loadGuestAssets(resolvePaths().cacheDir)).dir;
  await run(
    process.execPath,
    [
      path.join(projectDir, 'scripts/package.mjs'),
      '--target=deb',
      `--electron-dist=${path.join(dir, 'electron')}`,
      `--guest-assets=${guestAssets}`,
      `--out=${path.join(dir, 'out')}`,
    ],
    {
      cwd: projectDir,
      // A download would go to these, and fail: nothing listens there.
      env: {
        ...process.env,
        ELECTRON_MIRROR: 'http://127.0.0.1:9/',
        ELECTRON_BUILDER_BINARIES_MIRROR: 'http://127.0.0.1:9/',
        ELECTRON_CACHE: path.join(dir, 'cache'),
        CUSTOM_FPM_PATH: writeFpm(),
        ELECTRON_BUILDER_CACHE: path.join(dir, 'cache'),
      },
    },
  );
  debArguments = readFileSync(path.join(dir, 'fpm-arguments'), 'utf8').split('\0');
  const [unpacked = ''] = readdirSync(path.join(dir, 'out')).filter((name) =>
    name.endsWith('-unpacked'),
  );
  appOut = path.join(dir, 'out', unpacked);
  archive = path.join(appOut, 'resources/app.asar');
  entries = asar.listPackage(archive, { isPack: false }).map((entry) => entry.replace(/^\//, ''));
});

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('the packaged app', () => {
  it('holds the bundles, the renderer and a package.json', () => {
    expect(entries).toEqual(
      expect.arrayContaining([
        'package.json',
        'dist/electron/main.js',
        'dist/electron/preload.cjs',
        'dist/electron/layer-worker.js',
        'dist/electron/icon.png',
        'dist/electron/tray.png',
        'dist/electron/trayTemplate@2x.png',
        'dist/renderer/index.html',
      ]),
    );
    expect(entries.some((entry) => /^dist\/renderer\/assets\/.+\.js$/.test(entry))).toBe(true);
    expect(entries.some((entry) => /^dist\/renderer\/assets\/.+\.css$/.test(entry))).toBe(true);
  });

  it('holds nothing else: no sources, tests, maps, modules or tools', () => {
    const allowed =
      /^(package\.json|dist|dist\/electron(\/([\w-]+\.js|preload\.cjs|icon\.png|tray(Template(@2x)?)?\.png))?|dist\/renderer(\/.*)?)$/;
    expect(entries.filter((entry) => !allowed.test(entry))).toEqual([]);
    const foreign = /\.(ts|tsx|map|md|yml|mjs)$|node_modules|\.test\./;
    expect(entries.filter((entry) => foreign.test(entry))).toEqual([]);
    const inResources = readdirSync(path.join(appOut, 'resources')).sort();
    const expected = ['LICENSE', 'app.asar', 'apparmor-profile', 'guest', 'presets'];
    expect(inResources).toEqual(expected);
  });

  it('says what it is, and depends on nothing', () => {
    const text = asar.extractFile(archive, 'package.json').toString();
    const metadata = JSON.parse(text) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      name: 'skerry',
      productName: 'Skerry',
      main: 'dist/electron/main.js',
      type: 'module',
      desktopName: 'skerry.desktop',
    });
    expect(Object.keys(metadata)).not.toContain('dependencies');
    expect(Object.keys(metadata)).not.toContain('devDependencies');
    expect(Object.keys(metadata)).not.toContain('scripts');
  });

  it('has the guest assets beside the archive, where programs can open them', () => {
    const guest = path.join(appOut, 'resources/guest');
    expect(readdirSync(guest, { recursive: true }).sort()).toEqual(
      readdirSync(guestAssets, { recursive: true }).sort(),
    );
    expect(readFileSync(path.join(guest, 'manifest.json'), 'utf8')).toBe(
      readFileSync(path.join(guestAssets, 'manifest.json'), 'utf8'),
    );
  });

  it('has the fuses of its binary set', async () => {
    const wire = await getCurrentFuseWire(path.join(appOut, 'skerry'));
    const isOn = (fuse: FuseV1Options) => String.fromCharCode(wire[fuse] ?? 0) === '1';
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      nodeInspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocolPrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
      ownV8Snapshot: isOn(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
    }).toEqual({
      runAsNode: false,
      nodeOptions: false,
      nodeInspect: false,
      asarIntegrity: true,
      onlyAsar: true,
      fileProtocolPrivileges: false,
      ownV8Snapshot: false,
    });
  });

  it('asks for an emulator, and has its place among the applications', () => {
    const depends = debArguments.filter((_, index) => debArguments[index - 1] === '-d');
    expect(depends[0]).toMatch(/^qemu-system-x86 \| /);
    expect(depends).toContain('qemu-utils');
    const recommends = debArguments.filter((argument) => argument.includes('virtiofsd'));
    expect(recommends).toHaveLength(1);
    const entry = readFileSync(path.join(dir, 'entry.desktop'), 'utf8').split('\n');
    expect(entry).toContain('Name=Skerry');
    expect(entry).toContain('Exec=/opt/Skerry/skerry %U');
    expect(entry).toContain('Categories=Development;System;Emulator;');
    // Electron takes the window's class from `desktopName`; a desktop joins the two by this.
    expect(entry).toContain('StartupWMClass=skerry');
    for (const size of ['64x64', '256x256', '512x512']) {
      const target = `=/usr/share/icons/hicolor/${size}/apps/skerry.png`;
      expect(
        debArguments.some((argument) => argument.endsWith(target)),
        size,
      ).toBe(true);
    }
  });

  it('lets its sandbox work where AppArmor would forbid it', () => {
    const profile = readFileSync(path.join(appOut, 'resources/apparmor-profile'), 'utf8');
    expect(profile).toContain('profile "skerry" "/opt/Skerry/skerry"');
    expect(profile).toContain('userns,');
  });

  it('runs from what is in it alone: a window gets its page, and a sandbox boots', async () => {
    const extracted = path.join(dir, 'extracted');
    asar.extractAll(archive, extracted);
    const runner = path.join(import.meta.dirname, 'testing/run-packaged.ts');
    const { stdout } = await run(
      process.execPath,
      [runner, extracted, path.join(appOut, 'resources'), path.join(dir, 'profile')],
      {
        env: {
          ...process.env,
          SKERRY_HOME: path.join(dir, 'state'),
          SKERRY_CACHE: path.join(dir, 'user-cache'),
          // A package has one kernel, whichever it is.
          SKERRY_GUEST_KERNEL: '',
        },
      },
    );
    const seen = JSON.parse(stdout) as {
      html: number;
      assets: [string, number][];
      report: { stateDir: string };
      images: string[];
      presets: string[];
      operation: Operation;
    };
    expect(seen.html).toBe(200);
    expect(seen.assets.length).toBeGreaterThan(1);
    expect(seen.assets.filter(([, status]) => status !== 200)).toEqual([]);
    expect(seen.report.stateDir).toBe(path.join(dir, 'state'));
    // Unpacked by the worker thread of the package, from the assets of the package.
    expect(seen.images).toEqual(['skerry/starter']);
    expect(seen.presets).toContain('shell');
    expect(seen.operation.error).toBeUndefined();
    expect(seen.operation.state).toBe('succeeded');
  });
});
