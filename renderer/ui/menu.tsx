import { Menu } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { openLayer } from './layer.ts';
import './menu.css';

/** One entry of a menu. */
export interface MenuEntry {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly onSelect: () => void;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
}

/** A button (`trigger`) that opens a menu of actions. */
export function ActionMenu(props: {
  readonly trigger: ReactElement;
  readonly entries: readonly MenuEntry[];
}) {
  return (
    <Menu.Root>
      <Menu.Trigger render={props.trigger} />
      <Menu.Portal container={openLayer()}>
        <Menu.Positioner className="layer" sideOffset={4} align="end">
          <Menu.Popup className="menu">
            <MenuEntries entries={props.entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** The actions of a menu, also of one that opens where the pointer is. */
export function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map(({ label, icon: Icon, onSelect, isDangerous, isDisabled }) => (
    <Menu.Item
      key={label}
      className={isDangerous === true ? 'menu-item menu-item-danger' : 'menu-item'}
      disabled={isDisabled ?? false}
      onClick={onSelect}
    >
      <Icon className="icon" aria-hidden />
      {label}
    </Menu.Item>
  ));
}
