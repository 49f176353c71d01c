import { Plus } from 'lucide-react';
import { useStore } from 'zustand';
import type { Operation } from '../../../main/contract/operation.ts';
import { Page } from '../../ui/page.tsx';
import { SandboxTable, type SandboxTableProps } from './sandbox-table.tsx';
import { sandboxStore } from './sandbox-store.ts';
import { Starter } from './starter.tsx';

/** The home page: every sandbox, or the first one to make. */
export function HomeView(
  props: SandboxTableProps & {
    readonly createHref: string;
    readonly onCreated: (operation: Operation) => void;
  },
) {
  const { createHref, onCreated, ...tableProps } = props;
  const isLoaded = useStore(sandboxStore, (state) => state.isLoaded);
  const isEmpty = useStore(sandboxStore, (state) => state.sandboxes.length === 0);
  return (
    <Page
      title={<h1>Sandboxes</h1>}
      actions={
        !isEmpty && (
          <a className="button button-primary" href={createHref}>
            <Plus className="icon" aria-hidden />
            New sandbox
          </a>
        )
      }
    >
      {!isLoaded && <p className="quiet">Asking the host process…</p>}
      {isLoaded && isEmpty && <Starter createHref={createHref} onCreated={onCreated} />}
      {isLoaded && !isEmpty && <SandboxTable {...tableProps} />}
    </Page>
  );
}
