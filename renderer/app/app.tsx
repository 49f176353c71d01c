import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { DiagnosticsDialog } from '../features/host/diagnostics-dialog.tsx';
import { ImageDialogs } from '../features/images/dialogs/image-dialogs.tsx';
import { settingsStore } from '../features/settings/settings-store.ts';
import { terminalStore } from '../features/terminals/terminal-store.ts';
import { ToastLayer } from '../ui/toast-layer.tsx';
import { TooltipLayer } from '../ui/tooltip-layer.tsx';
import { CommandPalette } from './command-palette.tsx';
import { useCommandKeys } from './commands/use-command-keys.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { CurrentPage } from './current-page.tsx';
import { followImageWork } from './follow-image-work.ts';
import { imageLinks } from './image-links.ts';
import { SandboxDialogs } from './sandbox-dialogs.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { Sidebar } from './sidebar.tsx';
import { Terminals } from './terminals.tsx';
import { usePageTitle } from './use-page-title.ts';
import { useRoute } from './use-route.ts';
import './app.css';

/** The whole window: navigation at the side, one page, and the terminals below it. */
export function App() {
  const { t } = useTranslation('app');
  const route = useRoute();
  const isCollapsed = useStore(settingsStore, (state) => state.isSidebarCollapsed);
  const isMaximised = useStore(terminalStore, (state) => state.isOpen && state.isMaximised);
  useCommandKeys();
  usePageTitle(route);

  return (
    <>
      <div className={isCollapsed ? 'window window-collapsed' : 'window'}>
        <a className="skip-link" href="#page" onClick={skipToPage}>
          {t('skipToPage')}
        </a>
        <Sidebar route={route} />
        <div className="window-main">
          <ConnectionBanner />
          <main
            id="page"
            className={isMaximised ? 'window-page window-page-header' : 'window-page'}
            tabIndex={-1}
          >
            <CurrentPage route={route} />
          </main>
          <Terminals />
        </div>
      </div>
      <CommandPalette />
      <ShortcutSheet />
      <SandboxDialogs />
      <DiagnosticsDialog />
      <ImageDialogs onStarted={followImageWork} sandboxHref={imageLinks.sandbox} />
      <ToastLayer label={t('news.label')} dismissLabel={t('news.dismiss')} />
      <TooltipLayer />
    </>
  );
}

/** The hash is the router's, so the link moves the focus itself. */
function skipToPage(event: { preventDefault(): void }) {
  event.preventDefault();
  document.getElementById('page')?.focus();
}
