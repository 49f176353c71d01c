import { Menu } from '@base-ui/react/menu';
import { Check, SunMoon } from 'lucide-react';
import { useStore } from 'zustand';
import { settingsStore, type Theme } from './settings-store.ts';
import '../../ui/menu.css';

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Theme, and what helps those who listen to the window. */
export function SettingsMenu(props: { readonly className: string }) {
  const { theme, readTerminalsAloud } = useStore(settingsStore);
  return (
    <Menu.Root>
      <Menu.Trigger className={props.className}>
        <SunMoon className="icon" aria-hidden />
        <span className="sidebar-label">Appearance</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" side="top" align="start" sideOffset={4}>
          <Menu.Popup className="menu">
            <Menu.RadioGroup
              value={theme}
              onValueChange={(value: Theme) => {
                settingsStore.setState({ theme: value });
              }}
            >
              <Menu.GroupLabel className="menu-label">Theme</Menu.GroupLabel>
              {themes.map(({ value, label }) => (
                <Menu.RadioItem key={value} value={value} className="menu-item">
                  <span className="menu-indicator">
                    <Menu.RadioItemIndicator>
                      <Check className="icon" aria-hidden />
                    </Menu.RadioItemIndicator>
                  </span>
                  {label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className="menu-separator" />
            <Menu.CheckboxItem
              className="menu-item"
              checked={readTerminalsAloud}
              onCheckedChange={(checked) => {
                settingsStore.setState({ readTerminalsAloud: checked });
              }}
            >
              <span className="menu-indicator">
                <Menu.CheckboxItemIndicator>
                  <Check className="icon" aria-hidden />
                </Menu.CheckboxItemIndicator>
              </span>
              Terminal text for screen readers
            </Menu.CheckboxItem>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
