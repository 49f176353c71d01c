import { defineConfig } from '@playwright/test';

function launchOptions(...more: string[]) {
  return {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      // Chromium's own sandbox cannot run as root; the pages are Skerry's own.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  };
}

// The host processes of tests boot the same kernel whatever was built last.
process.env['SKERRY_GUEST_KERNEL'] ??= 'debian';
// A machine that is made ready after every start would take what the window is measured with.
process.env['SKERRY_STANDBY'] ??= 'off';

/** Real Chromium of the distribution, a real host process, real machines. */
export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  // Every test boots emulated machines; on two cores one at a time is quickest.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    trace: 'retain-on-failure',
  },
  projects: [
    // Terminals fall back to the DOM renderer, whose text a test can read.
    {
      name: 'window',
      grepInvert: /WebGL/,
      use: { launchOptions: launchOptions('--disable-3d-apis') },
    },
    { name: 'webgl', grep: /WebGL/, use: { launchOptions: launchOptions() } },
  ],
});
