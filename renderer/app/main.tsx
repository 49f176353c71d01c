import '../bridge/strict-zod.ts';
import { createRoot } from 'react-dom/client';
import { BridgeProvider } from '../bridge/bridge-context.tsx';
import { chooseTransport } from '../bridge/choose-transport.ts';
import { applyTheme } from '../features/settings/theme.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { App } from './app.tsx';
import { startWindow } from './start-window.ts';

applyTheme();
const bridge = startWindow(await chooseTransport());
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(
  <BridgeProvider bridge={bridge}>
    <App />
  </BridgeProvider>,
);
