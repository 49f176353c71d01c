import type { NamedVolume } from '../../contract/volume.ts';
import { AppError } from '../base/app-error.ts';

/** @throws AppError `volume/in-use` naming the sandboxes that mount it */
export function checkVolumeIsUnused({ name, usedBy }: NamedVolume): void {
  if (usedBy.length === 0) return;
  const names = usedBy.map((user) => `"${user}"`).join(', ');
  throw new AppError('volume/in-use', `The volume "${name}" is mounted by ${names}.`, {
    details: { sandboxes: [...usedBy] },
  });
}
