import { Menu } from '@base-ui/react/menu';
import { Ban, Check, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../../../main/contract/network.ts';
import { openLayer } from '../../ui/layer.ts';
import '../../ui/menu.css';
import { destinationOf } from './decision-log.ts';

/** What is asked for from the menu of an entry. */
export interface Choice {
  readonly action: Decision['verdict'];
  readonly destination: string;
  readonly isTemporary: boolean;
}

/** By which the rows share one menu: a long log needs no more. */
const menu = Menu.createHandle<Omit<Choice, 'isTemporary'>>();

/** The button of an entry that turns its verdict around; nothing where no list could. */
export function DecideButton({ decision }: { readonly decision: Decision }) {
  const { t } = useTranslation('network');
  const destination = destinationOf(decision);
  if (destination === undefined) return null;
  const action = decision.verdict === 'allow' ? 'deny' : 'allow';
  return (
    <Menu.Trigger
      handle={menu}
      payload={{ action, destination }}
      type="button"
      className="button decide-button"
      aria-label={t(`decide.${action}Of`, { destination })}
    >
      {t(`decide.${action}`)}
      <ChevronDown className="icon" aria-hidden />
    </Menu.Trigger>
  );
}

/** The one menu behind every {@link DecideButton} of the page. */
export function DecideMenu({ onChoose }: { readonly onChoose: (choice: Choice) => void }) {
  return (
    <Menu.Root handle={menu}>
      {({ payload }) => (
        <Menu.Portal container={openLayer()}>
          <Menu.Positioner className="layer" sideOffset={4} align="end">
            <Menu.Popup className="menu">
              {payload !== undefined && <Choices payload={payload} onChoose={onChoose} />}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      )}
    </Menu.Root>
  );
}

/** The rows may have moved on; the menu says by itself what it is about. */
function Choices(props: {
  readonly payload: Omit<Choice, 'isTemporary'>;
  readonly onChoose: (choice: Choice) => void;
}) {
  const { t } = useTranslation('network');
  const { payload, onChoose } = props;
  const Shape = payload.action === 'allow' ? Check : Ban;
  return (
    <Menu.Group>
      <Menu.GroupLabel className="menu-label mono">{payload.destination}</Menu.GroupLabel>
      {[true, false].map((isTemporary) => (
        <Menu.Item
          key={String(isTemporary)}
          className="menu-item"
          onClick={() => {
            onChoose({ ...payload, isTemporary });
          }}
        >
          <Shape className="icon" aria-hidden />
          {t(`decide.${payload.action}${isTemporary ? 'UntilStop' : 'ForGood'}`)}
        </Menu.Item>
      ))}
    </Menu.Group>
  );
}
