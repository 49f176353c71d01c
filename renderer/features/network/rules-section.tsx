import { Clock, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { NetworkStatus } from '../../../main/contract/network.ts';
import { Button } from '../../ui/button.tsx';
import { listRules } from './decision-log.ts';

/** The rules in the order in which they are asked, with the way to take one's own back. */
export function RulesSection(props: {
  readonly status: NetworkStatus;
  readonly onForget: (destination: string) => void;
}) {
  const { t } = useTranslation('network');
  const rules = listRules(props.status);
  return (
    <section className="section" aria-labelledby="network-rules">
      <h2 id="network-rules">{t('rules.title')}</h2>
      <p className="quiet network-note">{t('rules.note')}</p>
      <ol className="network-rows" aria-label={t('rules.list')}>
        {rules.map(({ text, origin, isTemporary, destination }, index) => (
          <li key={`${String(index)} ${text}`} className="network-row">
            <span className="network-row-main">
              <span className="mono">{text}</span>
              <span className="quiet network-origin">
                {isTemporary && <Clock className="icon" aria-hidden />}
                {origin}
              </span>
            </span>
            {destination !== undefined && (
              <Button
                icon={Undo2}
                aria-label={t('rules.takeBackOf', { rule: text })}
                onClick={() => {
                  props.onForget(destination);
                }}
              >
                {t('rules.takeBack')}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
