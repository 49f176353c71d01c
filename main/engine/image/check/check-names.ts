import { familiarReference } from '../../../contract/image-reference.ts';
import type { Check } from './check-request.ts';
import { pullCommand, type KnownImage } from './known-image.ts';

/** Looks whether every reference and every sandbox has a complete image. None is ever removed. */
export function checkNames(
  check: Check,
  images: readonly KnownImage[],
  complete: ReadonlySet<string>,
): void {
  const { findings, stores } = check;
  const incomplete = images.filter(({ digest }) => !complete.has(digest));
  for (const image of incomplete) {
    for (const [reference, { digest }] of stores.references.entries()) {
      if (digest !== image.digest) continue;
      findings.push({
        kind: 'reference',
        subject: familiarReference(reference),
        problem: 'Parts of its image are damaged or missing.',
        remedy: remedyFor(check, `run \`skerry pull ${familiarReference(reference)}\``),
        isMended: false,
      });
    }
    for (const { name, digest } of check.sandboxes()) {
      if (digest !== image.digest) continue;
      findings.push({
        kind: 'sandbox',
        subject: name,
        problem: `Parts of its image ${image.names[0] ?? digest} are damaged or missing; it may not start, or read wrong bytes.`,
        remedy: remedyFor(check, pullCommand(image, 'digest')),
        isMended: false,
      });
    }
  }
}

function remedyFor({ mend }: Check, command: string): string {
  return mend
    ? `What is here cannot make it whole: ${command}.`
    : `Run \`skerry images check --mend\`; if it stays so, ${command}.`;
}
