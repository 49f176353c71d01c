import '../bridge/strict-zod.ts';
import { createRoot } from 'react-dom/client';
import { BridgeProvider } from '../bridge/bridge-context.tsx';
import { receiveMenuCommands } from '../bridge/menu-commands.ts';
import { chooseTransport } from '../bridge/choose-transport.ts';
import { applyLanguage } from '../features/settings/apply-language.ts';
import { applyTheme } from '../features/settings/theme.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/forced-colors.css';
import { App } from './app.tsx';
import { startWindow } from './start-window.ts';

applyTheme();
receiveMenuCommands();
const [transport] = await Promise.all([chooseTransport(), applyLanguage()]);
const bridge = startWindow(transport);
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <BridgeProvider bridge={bridge}>
    <App />
  </BridgeProvider>,
);
