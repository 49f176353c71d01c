import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Operation } from '../../../../main/contract/operation.ts';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { Page } from '../../../ui/page.tsx';
import { sandboxStore } from '../sandbox-store.ts';
import { SandboxList } from './sandbox-list.tsx';
import { Starter } from './starter.tsx';

/** The home page: every sandbox, or the first one to make. */
export function HomeView(props: {
  readonly sandboxHref: (name: string) => string;
  readonly onTerminal: (sandbox: Sandbox) => void;
  readonly createHref: string;
  readonly onCreated: (operation: Operation) => void;
}) {
  const { createHref, onCreated, sandboxHref, onTerminal } = props;
  const { t } = useTranslation('sandboxes');
  const isLoaded = useStore(sandboxStore, (state) => state.isLoaded);
  const isEmpty = useStore(sandboxStore, (state) => state.sandboxes.length === 0);
  return (
    <Page
      title={<h1>{t('title')}</h1>}
      actions={
        !isEmpty && (
          <a className="button button-primary" href={createHref}>
            <Plus className="icon" aria-hidden />
            {t('new')}
          </a>
        )
      }
    >
      {!isLoaded && <p className="quiet">{t('asking')}</p>}
      {isLoaded && isEmpty && <Starter createHref={createHref} onCreated={onCreated} />}
      {isLoaded && !isEmpty && <SandboxList sandboxHref={sandboxHref} onTerminal={onTerminal} />}
    </Page>
  );
}
