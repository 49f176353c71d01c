import {
  Database,
  House,
  KeyRound,
  Layers,
  ListChecks,
  Plus,
  Server,
  Settings,
  type LucideIcon,
} from 'lucide-react';
import { translate } from '../../words/language.ts';
import type { Route } from '../routes.ts';
import { navigate } from '../use-route.ts';
import type { Command } from './command.ts';
import type { Shortcut } from './shortcut.ts';

const pages: readonly {
  readonly page: 'home' | 'images' | 'registries' | 'volumes' | 'host' | 'tasks' | 'settings';
  readonly icon: LucideIcon;
  readonly shortcut: Shortcut;
}[] = [
  { page: 'home', icon: House, shortcut: 'G S' },
  { page: 'images', icon: Layers, shortcut: 'G I' },
  { page: 'registries', icon: KeyRound, shortcut: 'G R' },
  { page: 'volumes', icon: Database, shortcut: 'G V' },
  { page: 'host', icon: Server, shortcut: 'G H' },
  { page: 'tasks', icon: ListChecks, shortcut: 'G T' },
  { page: 'settings', icon: Settings, shortcut: 'Mod+,' },
];

/** What leads to each page. */
export function pageCommands(): Command[] {
  const go = (route: Route) => () => {
    navigate(route);
  };
  return [
    {
      id: 'page.create',
      group: 'sandboxes',
      icon: Plus,
      label: translate('app:pages.create'),
      shortcut: 'N',
      run: go({ page: 'create' }),
    },
    ...pages.map(({ page, icon, shortcut }) => ({
      id: `page.${page}`,
      group: 'pages' as const,
      icon,
      label: translate('app:commands.goTo', { page: translate(`app:pages.${page}`) }),
      shortcut,
      run: go({ page }),
    })),
  ];
}
