import { defineConfig } from 'vitest/config';

/** Most tests have machines that are booted; `ahead` has the suites of options start warm, or ready. */
const templates = process.env['SKERRY_TEMPLATES'] ?? 'off';
const standby = process.env['SKERRY_STANDBY'] ?? 'off';
/** Tests boot the same kernel whatever was built last; `own` has the suites of options boot ours. */
const kernel = process.env['SKERRY_GUEST_KERNEL'] ?? 'debian';

/**
 * Two projects. `unit` needs neither QEMU nor a registry nor a browser. `engine` (files named
 * *.engine.test.ts) uses a real QEMU, a real registry and the tools of the distribution.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Theirs are guest assets that they make up.
          env: {
            SKERRY_TEMPLATES: templates,
            SKERRY_STANDBY: standby,
            SKERRY_GUEST_KERNEL: 'auto',
          },
          include: [
            'main/**/*.test.ts',
            'native-helpers/**/*.test.ts',
            'scripts/**/*.test.ts',
            'renderer/**/*.test.ts',
          ],
          exclude: ['**/*.engine.test.ts', 'node_modules/**'],
          // Many of them wait for a process or a socket; one core left free would idle.
          maxWorkers: '100%',
          // A bound on what hangs, not on what is slow on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'engine',
          env: {
            SKERRY_TEMPLATES: templates,
            SKERRY_STANDBY: standby,
            SKERRY_GUEST_KERNEL: kernel,
          },
          include: ['main/**/*.engine.test.ts', 'native-helpers/**/*.engine.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          // Two cores, each guest emulated: two files at once are as many as help.
          maxWorkers: 2,
        },
      },
    ],
  },
});
