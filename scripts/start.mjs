/** `npm start`: sets up whatever is missing, then starts the app. */
import process from 'node:process';
import { startApp } from './app.mjs';
import { parseStartOptions } from './options.mjs';
import { runScript, setUp } from './set-up/set-up.mjs';

await runScript(async () => {
  const options = parseStartOptions(process.argv.slice(2));
  await setUp('start', options);
  return await startApp(options);
});
