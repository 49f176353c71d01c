import { app } from './de/app.ts';
import { commands } from './de/commands.ts';
import { create } from './de/create.ts';
import { desktop } from './de/desktop.ts';
import { errors } from './de/errors.ts';
import { files } from './de/files.ts';
import { host } from './de/host.ts';
import { images } from './de/images.ts';
import { logs } from './de/logs.ts';
import { network } from './de/network.ts';
import { operations } from './de/operations.ts';
import { registries } from './de/registries.ts';
import { sandboxes } from './de/sandboxes.ts';
import { settings } from './de/settings.ts';
import { snapshots } from './de/snapshots.ts';
import { stats } from './de/stats.ts';
import { terminals } from './de/terminals.ts';
import { ui } from './de/ui.ts';
import { volumes } from './de/volumes.ts';

export { sentences } from './de/sentences.ts';

/** Everything that the window says in German, by the part that says it. */
export const german = {
  app,
  commands,
  create,
  desktop,
  errors,
  files,
  host,
  images,
  logs,
  network,
  operations,
  registries,
  sandboxes,
  settings,
  snapshots,
  stats,
  terminals,
  ui,
  volumes,
};
