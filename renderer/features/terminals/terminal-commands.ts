/** What can be done with a terminal: the same for its keys, its menus, the toolbar and the palette. */
import type { SkerryClient } from '../../bridge/connection.ts';
import { copyText } from '../../ui/clipboard.ts';
import { translate } from '../../words/language.ts';
import { requestClose } from './close-terminals.ts';
import { liveTerminals } from './live-terminals.ts';
import {
  activeTab,
  cycleTab,
  focusTowards,
  setBroadcasting,
  shiftTab,
  type PanelModel,
} from './model/panel-model.ts';
import type { TerminalCommand } from './terminal-shortcuts.ts';
import { zoomText } from './terminal-settings.ts';
import {
  addNotice,
  arrangePanel,
  changePanel,
  focusedTerminal,
  openTerminal,
  splitTerminal,
  terminalStore,
} from './terminal-store.ts';

type Client = Pick<SkerryClient, 'sessions'>;

/** Runs a command on the terminal that has the keyboard, or would have it. */
export function runTerminalCommand(command: TerminalCommand, client: Client): void {
  const terminal = focusedTerminal(terminalStore.getState());
  switch (command) {
    case 'copy':
      if (terminal !== undefined) copySelection(terminal.id);
      return;
    case 'paste':
      if (terminal !== undefined) pasteFromClipboard(terminal.id);
      return;
    case 'find':
      terminalStore.setState({ findingId: terminal?.id });
      return;
    case 'new-terminal':
      if (terminal === undefined) return;
      openTerminal({ sandbox: terminal.sandbox, shell: terminal.command }, true);
      return;
    case 'split-right':
      splitTerminal('row');
      return;
    case 'split-down':
      splitTerminal('column');
      return;
    case 'close-terminal':
      if (terminal !== undefined) void requestClose(client, [terminal.id]);
      return;
    case 'focus-left':
    case 'focus-right':
    case 'focus-up':
    case 'focus-down': {
      const direction = directions[command];
      changePanel((model) => focusTowards(model, direction));
      return;
    }
    case 'next-tab':
      changePanel((model) => cycleTab(model, 1));
      return;
    case 'previous-tab':
      changePanel((model) => cycleTab(model, -1));
      return;
    case 'move-tab-left':
      arrangePanel((model) => shiftActive(model, -1));
      return;
    case 'move-tab-right':
      arrangePanel((model) => shiftActive(model, 1));
      return;
    case 'previous-prompt':
      jumpToPrompt('previous');
      return;
    case 'next-prompt':
      jumpToPrompt('next');
      return;
    case 'larger-text':
      zoomText(1);
      return;
    case 'smaller-text':
      zoomText(-1);
      return;
    case 'usual-text':
      zoomText(0);
      return;
    case 'maximise':
      toggleMaximised();
      return;
    case 'broadcast':
      toggleBroadcast();
  }
}

const directions = {
  'focus-left': 'left',
  'focus-right': 'right',
  'focus-up': 'up',
  'focus-down': 'down',
} as const;

/** Copies what is selected in a terminal. */
function copySelection(id: string): void {
  const selection = liveTerminals.get(id)?.screen.selection ?? '';
  if (selection !== '') void copyText(selection);
}

/** Pastes from a menu, which some browsers allow and some do not. */
function pasteFromClipboard(id: string): void {
  navigator.clipboard.readText().then(
    (text) => {
      const live = liveTerminals.get(id);
      live?.offerPaste(text);
      live?.screen.focus();
    },
    () => {
      addNotice(id, { kind: 'text', text: translate('terminals:notice.clipboardUnread') });
    },
  );
}

/** Scrolls the terminal with the keyboard to a prompt that its shell has marked. */
function jumpToPrompt(direction: 'previous' | 'next'): void {
  const terminal = focusedTerminal(terminalStore.getState());
  if (terminal !== undefined) liveTerminals.get(terminal.id)?.screen.marks.jump(direction);
}

/** Copies what the last command of a terminal wrote, where its shell marks this. */
export async function copyLastOutput(id: string): Promise<void> {
  const output = liveTerminals.get(id)?.screen.marks.lastOutput();
  const isCopied = output !== undefined && (await copyText(output));
  const text = translate(isCopied ? 'terminals:notice.copiedOutput' : 'terminals:notice.noOutput');
  addNotice(id, { kind: 'text', text });
}

/** Switches between the whole window and the height that the panel had. */
export function toggleMaximised(): void {
  terminalStore.setState(({ isMaximised }) => ({ isMaximised: !isMaximised }));
}

/** Switches whether what is typed goes to all terminals of the tab. */
function toggleBroadcast(): void {
  changePanel((model) => {
    const tab = activeTab(model);
    return tab === undefined ? model : setBroadcasting(model, tab.id, !tab.isBroadcasting);
  });
}

function shiftActive(model: PanelModel, by: number): PanelModel {
  return model.activeTabId === undefined ? model : shiftTab(model, model.activeTabId, by);
}
