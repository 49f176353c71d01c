import { Clock, Undo2 } from 'lucide-react';
import type { NetworkStatus } from '../../../main/contract/network.ts';
import { Button } from '../../ui/button.tsx';
import { listRules } from './decision-log.ts';

/** The rules in the order in which they are asked, with the way to take one's own back. */
export function RulesSection(props: {
  readonly status: NetworkStatus;
  readonly onForget: (destination: string) => void;
}) {
  const rules = listRules(props.status);
  return (
    <section className="section" aria-labelledby="network-rules">
      <h2 id="network-rules">Rules</h2>
      <p className="quiet network-note">From the top down, the first that matches decides.</p>
      <ol className="network-rows" aria-label="Rules in order">
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
                aria-label={`Take back ${text}`}
                onClick={() => {
                  props.onForget(destination);
                }}
              >
                Take back
              </Button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
