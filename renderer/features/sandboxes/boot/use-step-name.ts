import { useTranslation } from 'react-i18next';
import type { BootStep } from '../../../../main/contract/boot-timeline.ts';

const known = [
  ...(['config', 'assets', 'image', 'disks', 'volumes', 'network', 'qemu'] as const),
  ...(['kernel', 'agent', 'root', 'scripts', 'template', 'restore'] as const),
] as const;

/** Names steps of a start; one that the window does not know, as the host names it. */
export function useStepName(): (step: BootStep) => string {
  const { t } = useTranslation('sandboxes');
  return ({ key, label }) => {
    const step = known.find((one) => one === key);
    return step === undefined ? label : t(`boot.names.${step}`);
  };
}
