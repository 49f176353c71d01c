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
  TriangleAlert,
  CircleX,
  type LucideIcon,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { SandboxState } from '../../main/contract/sandbox.ts';
import { useStore } from 'zustand';
import { hostStore, selectWorstResult } from '../features/host/host-store.ts';
import { selectRunningCount } from '../features/operations/operation-selectors.ts';
import { operationStore } from '../features/operations/operation-store.ts';
import { sandboxStore } from '../features/sandboxes/sandbox-store.ts';
import { StateMark } from '../features/sandboxes/state-mark.tsx';
import { SettingsMenu } from '../features/settings/settings-menu.tsx';
import { settingsStore } from '../features/settings/settings-store.ts';
import { formatRoute, type Route } from './routes.ts';
import './sidebar.css';

/** Navigation: what can be made, what runs, and what it runs on. */
export function Sidebar(props: { readonly route: Route; readonly onPalette: () => void }) {
  const { route, onPalette } = props;
  const isCollapsed = useStore(settingsStore, (state) => state.isSidebarCollapsed);
  const CollapseIcon = isCollapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav className="sidebar" aria-label="Main">
      <a className="sidebar-brand" href={formatRoute({ page: 'home' })} title="Skerry">
        <BrandMark />
        <span className="sidebar-label">Skerry</span>
      </a>
      <SidebarLink icon={Plus} label="New sandbox" to={{ page: 'create' }} route={route} />
      <SidebarLink icon={House} label="Sandboxes" to={{ page: 'home' }} route={route} />
      <SandboxLinks route={route} />
      <div className="sidebar-end">
        <SidebarLink icon={Layers} label="Images" to={{ page: 'images' }} route={route} />
        <SidebarLink icon={KeyRound} label="Registries" to={{ page: 'registries' }} route={route} />
        <SidebarLink icon={Database} label="Volumes" to={{ page: 'volumes' }} route={route} />
        <SidebarLink
          icon={Server}
          label="Host"
          to={{ page: 'host' }}
          route={route}
          after={<HostMark />}
        />
        <SidebarLink
          icon={ListChecks}
          label="Tasks"
          to={{ page: 'tasks' }}
          route={route}
          after={<TaskCount />}
        />
        <button type="button" className="sidebar-item" onClick={onPalette} title="Commands">
          <Command className="icon" aria-hidden />
          <span className="sidebar-label">Commands</span>
          <kbd className="sidebar-after" aria-hidden>
            Ctrl K
          </kbd>
        </button>
        <SettingsMenu className="sidebar-item" />
        <button
          type="button"
          className="sidebar-item sidebar-collapse"
          aria-expanded={!isCollapsed}
          title={isCollapsed ? 'Expand the sidebar' : 'Collapse the sidebar'}
          onClick={() => {
            settingsStore.setState({ isSidebarCollapsed: !isCollapsed });
          }}
        >
          <CollapseIcon className="icon" aria-hidden />
          <span className="sidebar-label">
            {isCollapsed ? 'Expand sidebar' : 'Collapse sidebar'}
          </span>
        </button>
      </div>
    </nav>
  );
}

function SandboxLinks({ route }: { readonly route: Route }) {
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  return (
    <ul className="sidebar-sandboxes" aria-label="Sandboxes">
      {sandboxes.map(({ id, name, state }) => (
        <SandboxLink
          key={id}
          name={name}
          state={state}
          isCurrent={route.page === 'sandbox' && route.name === name}
        />
      ))}
    </ul>
  );
}

/** Drawn anew when it changes, not with every page that is opened. */
const SandboxLink = memo(function SandboxLink(props: {
  readonly name: string;
  readonly state: SandboxState;
  readonly isCurrent: boolean;
}) {
  const { name, state, isCurrent } = props;
  return (
    <li>
      <a
        className="sidebar-item"
        href={formatRoute({ page: 'sandbox', name })}
        title={`${name}, ${state}`}
        aria-current={isCurrent ? 'page' : undefined}
      >
        <StateMark state={state} isWordHidden />
        <span className="sidebar-label">{name}</span>
      </a>
    </li>
  );
});

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
  const worst = useStore(hostStore, selectWorstResult);
  if (worst === 'warn') {
    return <TriangleAlert className="icon sidebar-after sidebar-warn" aria-label="a check warns" />;
  }
  if (worst === 'fail') {
    return <CircleX className="icon sidebar-after sidebar-fail" aria-label="a check fails" />;
  }
  return null;
}

function TaskCount() {
  const count = useStore(operationStore, selectRunningCount);
  if (count === 0) return null;
  return (
    <span className="sidebar-after sidebar-count">
      {count}
      <span className="visually-hidden"> under way</span>
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
