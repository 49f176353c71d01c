import { app } from './en/app.ts';
import { commands } from './en/commands.ts';
import { create } from './en/create.ts';
import { desktop } from './en/desktop.ts';
import { errors } from './en/errors.ts';
import { files } from './en/files.ts';
import { host } from './en/host.ts';
import { images } from './en/images.ts';
import { logs } from './en/logs.ts';
import { network } from './en/network.ts';
import { operations } from './en/operations.ts';
import { registries } from './en/registries.ts';
import { sandboxes } from './en/sandboxes.ts';
import { settings } from './en/settings.ts';
import { snapshots } from './en/snapshots.ts';
import { stats } from './en/stats.ts';
import { terminals } from './en/terminals.ts';
import { ui } from './en/ui.ts';
import { volumes } from './en/volumes.ts';

/** Everything that the window says in English, by the part that says it. */
export const english = {
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
} as const;
