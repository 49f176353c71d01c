import { Ban, Check } from 'lucide-react';
import type { Verdict } from '../../../main/contract/network.ts';

const words = { allow: 'Allowed', deny: 'Denied' } as const;

/** A verdict as shape, word and colour. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict['verdict'] }) {
  const Shape = verdict === 'allow' ? Check : Ban;
  return (
    <span className={`verdict verdict-${verdict}`}>
      <Shape className="icon" aria-hidden />
      {words[verdict]}
    </span>
  );
}
