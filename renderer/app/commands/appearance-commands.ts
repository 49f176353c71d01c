import { Languages, Moon, PanelLeft, Sun, SunMoon } from 'lucide-react';
import { settingsStore } from '../../features/settings/settings-store.ts';
import { languageNames, translate } from '../../words/language.ts';
import type { Command } from './command.ts';

/** How the window looks and speaks. */
export function appearanceCommands(): Command[] {
  const themes = [
    ['system', SunMoon],
    ['light', Sun],
    ['dark', Moon],
  ] as const;
  const languages = [
    ['system', translate('app:commands.languageOfSystem')],
    ['en', languageNames.en],
    ['de', languageNames.de],
  ] as const;
  return [
    {
      id: 'sidebar.toggle',
      group: 'appearance',
      icon: PanelLeft,
      label: translate('app:commands.toggleSidebar'),
      shortcut: 'Mod+B',
      run: () => {
        settingsStore.setState(({ isSidebarCollapsed }) => ({
          isSidebarCollapsed: !isSidebarCollapsed,
        }));
      },
    },
    ...themes.map(([theme, icon]) => ({
      id: `theme.${theme}`,
      group: 'appearance' as const,
      icon,
      label: translate(`app:commands.theme.${theme}`),
      run: () => {
        settingsStore.setState({ theme });
      },
    })),
    ...languages.map(([language, name]) => ({
      id: `language.${language}`,
      group: 'appearance' as const,
      icon: Languages,
      label: translate('app:commands.language', { name }),
      run: () => {
        settingsStore.setState({ language });
      },
    })),
  ];
}
