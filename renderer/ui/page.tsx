import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import './page.css';

/** One page: a header that stays and a body below it. */
export function Page(props: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly tabs?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className="page">
      <header className="page-header">
        <div className="page-title">{props.title}</div>
        <div className="page-actions">{props.actions}</div>
        {props.tabs}
      </header>
      <div className="page-body">{props.children}</div>
    </div>
  );
}

/** Links between the sections of a page. */
export function PageTabs(props: {
  readonly label: string;
  readonly tabs: readonly {
    readonly label: string;
    readonly href: string;
    readonly isCurrent: boolean;
  }[];
}) {
  return (
    <nav className="page-tabs" aria-label={props.label}>
      {props.tabs.map(({ label, href, isCurrent }) => (
        <a key={label} href={href} aria-current={isCurrent ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}

/** What a place is for, and the one next step. */
export function EmptyState(props: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <div className="empty-state">
      <Icon className="icon empty-state-icon" aria-hidden />
      <h2>{props.title}</h2>
      <p>{props.children}</p>
      {props.action}
    </div>
  );
}

/** Names and values, in two columns. */
export function Facts(props: {
  readonly facts: readonly { readonly label: string; readonly value: ReactNode }[];
}) {
  return (
    <dl className="facts">
      {props.facts.map(({ label, value }, index) => (
        <div key={`${label} ${String(index)}`} className="fact">
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
