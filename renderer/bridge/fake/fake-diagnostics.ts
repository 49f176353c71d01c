import type { Diagnostics } from '../../../main/contract/diagnostics.ts';
import { aHostReport } from '../../testing/builders.ts';
import type { FakeHost } from './fake-host.ts';

/** A bundle of the in-memory host, with long lines and a log that was cut. */
export function fakeDiagnostics(host: FakeHost): Diagnostics {
  const sandboxes = [...host.sandboxes.values()];
  const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const line = (index: number) =>
    asLine({ level: 'info', message: 'A sandbox was started', attempt: index });
  return {
    fileName: 'skerry-diagnostics-2026-01-31T12-00-00.tar',
    files: [
      { path: 'host.json', text: asJson(aHostReport()), isCut: false },
      { path: 'sandboxes.json', text: asJson(sandboxes), isCut: false },
      { path: 'operations.json', text: '[]\n', isCut: false },
      {
        path: 'logs/host.log',
        text: Array.from({ length: 400 }, (_, index) => line(index)).join(''),
        isCut: true,
      },
      ...sandboxes.slice(0, 20).map(({ name }) => ({
        path: `sandboxes/${name}/console.log`,
        text: '[    0.000000] Linux version 6.1.0-37-cloud-amd64\n[    0.912004] Run /init as init process\n',
        isCut: false,
      })),
    ],
    redactions: ['12 values of variables', '1 password in an address'],
  };
}

function asLine(fields: object): string {
  return `${JSON.stringify({ time: '2026-01-31T11:59:00.000Z', ...fields })}\n`;
}
