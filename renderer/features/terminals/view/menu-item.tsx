import { Menu } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import { keyboardPlatform } from '../screen/terminal-keys.ts';
import { shownKeys, type TerminalCommand } from '../terminal-shortcuts.ts';
import '../../../ui/menu.css';

const isMac = keyboardPlatform(navigator.userAgent) === 'mac';

/** Keys of a command, as this machine's keyboard has them. */
export function keysOf(command: TerminalCommand): string {
  return shownKeys(command, isMac);
}

/** One entry of a menu of the terminals, with the keys that do the same. */
export function MenuItem(props: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly command?: TerminalCommand;
  readonly shortcut?: string;
  readonly isDisabled?: boolean;
  readonly onSelect: () => void;
}) {
  const { icon: Icon, label, command, onSelect } = props;
  const shortcut = command === undefined ? props.shortcut : keysOf(command);
  return (
    <Menu.Item className="menu-item" disabled={props.isDisabled ?? false} onClick={onSelect}>
      <Icon className="icon" aria-hidden />
      {label}
      {shortcut !== undefined && <kbd className="menu-remark">{shortcut}</kbd>}
    </Menu.Item>
  );
}
