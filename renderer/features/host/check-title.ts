import type { HostCheck } from '../../../main/contract/host.ts';
import { translate } from '../../words/language.ts';

const known = [
  ...(['kvm', 'qemu', 'guest-assets', 'disk-space', 'state-directory', 'shares'] as const),
  ...(['echoes', 'sandbox-record', 'snapshot-record'] as const),
] as const;

/** What was looked at, in the language of the window; as the machine says it where that is new. */
export function titleOfCheck({ id, title }: Pick<HostCheck, 'id' | 'title'>): string {
  const one = known.find((each) => each === id);
  return one === undefined ? title : translate(`host:checks.${one}`);
}
