import type { Finding } from '../../contract/image-upkeep.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { printable } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** Options of `images check`. */
export type CheckOptions = JsonOption & { readonly mend?: boolean };

/** `skerry images check`: 1 where something is wrong and was not mended. */
export function checkImages({ mend, json }: CheckOptions): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const begun = await host.procedures.images.check({ mend: mend === true });
    const { outcome } = await followOperation(host, begun, interrupts);
    const { looked = '', findings = [] } = outcome ?? {};
    if (json === true) await printJson({ looked, findings });
    else await print(findingsText(looked, findings));
    return findings.every(({ isMended }) => isMended) ? 0 : 1;
  });
}

/** What was looked at, then each finding in three lines. */
function findingsText(looked: string, findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ kind, subject, problem, remedy, isMended }) => [
    `${isMended ? '✓' : '✗'} ${kind} ${subject}`,
    `  ${problem}`,
    `  → ${remedy}`,
  ]);
  const end = findings.length === 0 ? ['Nothing is wrong.'] : [];
  return [looked, ...lines, ...end].map((line) => `${printable(line)}\n`).join('');
}
