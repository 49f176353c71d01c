import { ContextMenu } from '@base-ui/react/context-menu';
import { ClipboardPaste, Copy, Eraser, Search, TextSelect, X, type LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { copyText } from '../../ui/clipboard.ts';
import { plural } from '../../ui/format.ts';
import { closeTerminal } from './live-sessions.ts';
import type { ScreenLook } from './screen.ts';
import { TerminalSearch } from './terminal-search.tsx';
import { TerminalStatus } from './terminal-status.tsx';
import { terminalStore, updateTerminal, type TerminalTab } from './terminal-store.ts';
import { useTerminal } from './use-terminal.ts';
import '../../ui/menu.css';
import './terminal-view.css';

/** One terminal: its screen, its search, and how its shell ended. */
export function TerminalPane(props: {
  readonly tab: TerminalTab;
  readonly look: ScreenLook;
  readonly isVisible: boolean;
}) {
  const { tab, look, isVisible } = props;
  const { attach, screen, results, isFinding, setIsFinding, pendingPaste, paste, answerPaste } =
    useTerminal(tab, look, isVisible);
  useFocusRequests(isVisible, screen);

  const pasteFromMenu = () => {
    navigator.clipboard.readText().then(paste, () => {
      updateTerminal(tab.id, {
        notice:
          'The clipboard cannot be read from a menu here: press Ctrl+Shift+V, or Cmd+V on a Mac.',
      });
    });
  };

  return (
    <div className="terminal">
      {isFinding && screen !== undefined && (
        <TerminalSearch
          screen={screen}
          results={results}
          onClose={() => {
            setIsFinding(false);
            screen.endFind();
            screen.focus();
          }}
        />
      )}
      <ContextMenu.Root>
        <ContextMenu.Trigger className="terminal-screen">
          <div ref={attach} className="terminal-xterm" />
        </ContextMenu.Trigger>
        <ContextMenu.Portal>
          <ContextMenu.Positioner className="layer">
            <ContextMenu.Popup className="menu">
              <TerminalMenuItem
                icon={Copy}
                label="Copy"
                shortcut="Ctrl+Shift+C"
                onSelect={() => {
                  void copyText(screen?.selection ?? '');
                }}
              />
              <TerminalMenuItem
                icon={ClipboardPaste}
                label="Paste"
                shortcut="Ctrl+Shift+V"
                onSelect={pasteFromMenu}
              />
              <TerminalMenuItem
                icon={TextSelect}
                label="Select all"
                onSelect={() => screen?.selectAll()}
              />
              <ContextMenu.Separator className="menu-separator" />
              <TerminalMenuItem
                icon={Search}
                label="Find"
                shortcut="Ctrl+F"
                onSelect={() => {
                  setIsFinding(true);
                }}
              />
              <TerminalMenuItem icon={Eraser} label="Clear" onSelect={() => screen?.clear()} />
              <ContextMenu.Separator className="menu-separator" />
              <TerminalMenuItem
                icon={X}
                label="Close terminal"
                onSelect={() => {
                  closeTerminal(tab.id);
                }}
              />
            </ContextMenu.Popup>
          </ContextMenu.Positioner>
        </ContextMenu.Portal>
      </ContextMenu.Root>
      <TerminalStatus tab={tab} />
      <ConfirmDialog
        isOpen={pendingPaste !== undefined}
        title={`Paste ${plural(pendingPaste?.lineCount ?? 0, 'line')}?`}
        confirmLabel="Paste"
        onConfirm={() => {
          answerPaste(true);
        }}
        onClose={() => {
          answerPaste(false);
        }}
      >
        <p>The shell runs each line as soon as it is pasted.</p>
        <pre className="paste-preview">{pendingPaste?.text.slice(0, 2_000)}</pre>
      </ConfirmDialog>
    </div>
  );
}

function TerminalMenuItem(props: {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly shortcut?: string;
  readonly onSelect: () => void;
}) {
  const { icon: Icon, label, shortcut, onSelect } = props;
  return (
    <ContextMenu.Item className="menu-item" onClick={onSelect}>
      <Icon className="icon" aria-hidden />
      {label}
      {shortcut !== undefined && <kbd className="menu-remark">{shortcut}</kbd>}
    </ContextMenu.Item>
  );
}

/** Puts the focus into the screen when it was asked for, or as soon as there is a screen. */
function useFocusRequests(isVisible: boolean, screen: { focus(): void } | undefined): void {
  const requests = useStore(terminalStore, (state) => state.focusRequests);
  const answered = useRef(0);
  useEffect(() => {
    if (!isVisible || screen === undefined || requests === answered.current) return;
    answered.current = requests;
    screen.focus();
  }, [isVisible, screen, requests]);
}
