import {
  Command,
  Database,
  House,
  KeyRound,
  Layers,
  ListChecks,
  PanelLeftClose,
  PanelLeftOpen,
  Plus,
  Server,
  Settings,
  TriangleAlert,
  CircleX,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { hostStore, selectWorstResult } from '../features/host/host-store.ts';
import {
  selectRunningCount,
  selectUnseenFailures,
} from '../features/operations/operation-selectors.ts';
import { operationStore } from '../features/operations/operation-store.ts';
import { settingsStore } from '../features/settings/settings-store.ts';
import { overlayStore } from './commands/overlay-store.ts';
import { shownShortcut } from './commands/shown-keys.ts';
import { formatRoute, type Route } from './routes.ts';
import { SidebarSandboxes } from './sidebar-sandboxes.tsx';
import './sidebar.css';

/** Navigation: what can be made, what runs, and what it runs on. */
export function Sidebar({ route }: { readonly route: Route }) {
  const { t } = useTranslation('app');
  const isCollapsed = useStore(settingsStore, (state) => state.isSidebarCollapsed);
  const CollapseIcon = isCollapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav className="sidebar" aria-label={t('sidebar.label')}>
      <a className="sidebar-brand" href={formatRoute({ page: 'home' })} title="Skerry">
        <BrandMark />
        <span className="sidebar-label">Skerry</span>
      </a>
      <SidebarLink icon={Plus} label={t('pages.create')} to={{ page: 'create' }} route={route} />
      <SidebarLink icon={House} label={t('pages.home')} to={{ page: 'home' }} route={route} />
      <SidebarSandboxes current={route.page === 'sandbox' ? route.name : undefined} />
      <div className="sidebar-end">
        <SidebarLink
          icon={Layers}
          label={t('pages.images')}
          to={{ page: 'images' }}
          route={route}
        />
        <SidebarLink
          icon={KeyRound}
          label={t('pages.registries')}
          to={{ page: 'registries' }}
          route={route}
        />
        <SidebarLink
          icon={Database}
          label={t('pages.volumes')}
          to={{ page: 'volumes' }}
          route={route}
        />
        <SidebarLink
          icon={Server}
          label={t('pages.host')}
          to={{ page: 'host' }}
          route={route}
          after={<HostMark />}
        />
        <SidebarLink
          icon={ListChecks}
          label={t('pages.tasks')}
          to={{ page: 'tasks' }}
          route={route}
          after={<TaskCount />}
        />
        <SidebarLink
          icon={Settings}
          label={t('pages.settings')}
          to={{ page: 'settings' }}
          route={route}
        />
        <button
          type="button"
          className="sidebar-item"
          title={t('palette.title')}
          onClick={() => {
            overlayStore.setState({ open: 'palette' });
          }}
        >
          <Command className="icon" aria-hidden />
          <span className="sidebar-label">{t('palette.title')}</span>
          <kbd className="sidebar-after" aria-hidden>
            {shownShortcut('Mod+K')}
          </kbd>
        </button>
        <button
          type="button"
          className="sidebar-item sidebar-collapse"
          aria-expanded={!isCollapsed}
          title={isCollapsed ? t('sidebar.expand') : t('sidebar.collapse')}
          onClick={() => {
            settingsStore.setState({ isSidebarCollapsed: !isCollapsed });
          }}
        >
          <CollapseIcon className="icon" aria-hidden />
          <span className="sidebar-label">
            {isCollapsed ? t('sidebar.expand') : t('sidebar.collapse')}
          </span>
        </button>
      </div>
    </nav>
  );
}

function SidebarLink(props: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly to: Route;
  readonly route: Route;
  readonly after?: ReactNode;
}) {
  const { icon: Icon, label, to, route, after } = props;
  return (
    <a
      className="sidebar-item"
      href={formatRoute(to)}
      title={label}
      aria-current={currentOf(route, to)}
    >
      <Icon className="icon" aria-hidden />
      <span className="sidebar-label">{label}</span>
      {after}
    </a>
  );
}

/** A page below another one, such as one image below all, marks the upper one. */
function currentOf({ page }: Route, to: Route): 'page' | 'true' | undefined {
  if (page === to.page) return 'page';
  return to.page === 'images' && (page === 'image' || page === 'disk') ? 'true' : undefined;
}

function HostMark() {
  const { t } = useTranslation('app');
  const worst = useStore(hostStore, selectWorstResult);
  if (worst === 'warn') {
    return (
      <TriangleAlert className="icon sidebar-after sidebar-warn" aria-label={t('sidebar.warns')} />
    );
  }
  if (worst === 'fail') {
    return <CircleX className="icon sidebar-after sidebar-fail" aria-label={t('sidebar.fails')} />;
  }
  return null;
}

function TaskCount() {
  const { t } = useTranslation('app');
  const count = useStore(operationStore, selectRunningCount);
  const failures = useStore(operationStore, selectUnseenFailures);
  if (count === 0 && failures === 0) return null;
  if (count === 0) {
    return (
      <span className="sidebar-after sidebar-count sidebar-count-failed">
        {failures}
        <span className="visually-hidden"> {t('sidebar.failed')}</span>
      </span>
    );
  }
  return (
    <span className="sidebar-after sidebar-count">
      {count}
      <span className="visually-hidden"> {t('sidebar.underWay')}</span>
    </span>
  );
}

/** A rock above water. */
function BrandMark() {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden>
      <path fill="currentColor" d="M8 2.5 12.6 10H3.4z" />
      <path
        fill="none"
        stroke="currentColor"
        strokeLinecap="round"
        d="M1.5 13q1.6-1.4 3.25 0t3.25 0 3.25 0 3.25 0"
      />
    </svg>
  );
}
