import { Ban, Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../main/contract/network.ts';

/** A verdict as shape, word and colour. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict['verdict'] }) {
  const { t } = useTranslation('network');
  const Shape = verdict === 'allow' ? Check : Ban;
  return (
    <span className={`verdict verdict-${verdict}`}>
      <Shape className="icon" aria-hidden />
      {t(`verdict.${verdict}`)}
    </span>
  );
}
