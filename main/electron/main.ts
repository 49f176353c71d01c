/** Entry of Electron's main process, bundled to dist/electron/main.js. Only joins the parts. */
import path from 'node:path';
import { app } from 'electron';
import { startDesktop } from './desktop.ts';
