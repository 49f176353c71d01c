import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { bootTimelineSchema } from './boot-timeline.ts';
import {
  commandEventSchema,
  commandInputs,
  commandOutputSchema,
  commandRunSchema,
} from './commands.ts';
import { configChangeSchema } from './config/config-changes.ts';
import { configReportSchema } from './config/config-report.ts';
import { recordOf } from './config/record.ts';
import { volumeNameSchema } from './config/volume.ts';
import { diagnosticsSchema } from './diagnostics.ts';
import { engineEventSchema } from './event.ts';
import {
  changedFilesSchema,
  fileEntrySchema,
  fileInputs,
  fileListSchema,
  fileTextSchema,
  fileTransferSchema,
} from './files.ts';
import { hostReportSchema } from './host.ts';
import { imageInputs } from './image-inputs.ts';
import { foundProgramSchema, imageSuggestionsSchema, localImageSchema } from './image-transfer.ts';
import { removalSchema, storeUsageSchema } from './image-upkeep.ts';
import { imageDetailsSchema, imageSchema } from './image.ts';
import { logEventSchema, logInputs, logPageSchema } from './logs.ts';
import {
  decisionSchema,
  guestPortSchema,
  networkAnswerSchema,
  networkEventSchema,
  networkInputs,
  networkStatusSchema,
  publishedPortSchema,
} from './network.ts';
import { operationSchema } from './operation.ts';
import { pathEntrySchema } from './path-entry.ts';
import { presetNameSchema, presetSchema } from './preset.ts';
import {
  registryInputs,
  registrySchema,
  registryTestSchema,
  secretStorageSchema,
} from './registry.ts';
import { createRequestSchema, sandboxConfigSchema } from './sandbox-config.ts';
import { sandboxNameSchema } from './sandbox-name.ts';
import { sandboxSchema } from './sandbox.ts';
import { snapshotInputs, snapshotSchema } from './snapshot.ts';
import { templateSchema } from './template.ts';
import {
  execRequestSchema,
  sessionActivitySchema,
  sessionSchema,
  shellRequestSchema,
} from './session.ts';
import { processSchema, statsEventSchema, statsOverviewSchema } from './stats.ts';
import { openedTerminalSchema, openTerminalSchema } from './system-terminal.ts';
import { namedVolumeSchema } from './volume.ts';

const byName = z.strictObject({ name: sandboxNameSchema });
const bySession = z.strictObject({ id: z.string() });

/** What the window shows before anything runs. */
const suggestionSchema = z.object({ name: z.string(), image: z.string() });

/**
 * Every procedure that a client may call. Each fails with an oRPC error whose `data` is an
 * `ErrorData`. Long work returns its operation at once; `operations.watch` follows it to its end.
 * The bytes of a session cross a channel of their own: see `session-frames.ts`.
 */
export const contract = {
  host: {
    report: oc.output(hostReportSchema),
    /** What begins with this path, directories first, for a field that completes paths. */
    completePath: oc
      .input(z.strictObject({ prefix: z.string().max(4096) }))
      .output(z.array(pathEntrySchema)),
    /** What helps to find a fault, without secrets. */
    diagnostics: oc.output(diagnosticsSchema),
    /**
     * Opens the desktop's own terminal emulator, on the machine of the host process, with
     * `skerry shell NAME` in it.
     * @throws `terminal/no-command`, `terminal/no-display`, `terminal/no-emulator`, `terminal/failed`
     */
    openTerminal: oc.input(openTerminalSchema).output(openedTerminalSchema),
    /** Machines that are kept booted, so that a sandbox of their shape starts at once. */
    templates: oc.output(z.array(templateSchema)),
    /** Forgets them; those that a sandbox runs from stay in its memory. */
    clearTemplates: oc.output(z.void()),
  },
  config: {
    /**
     * Looks at a configuration: every default filled in, every problem at once. Boots, pulls and
     * makes nothing. The input is checked here and not by the transport, to report all of it.
     */
    build: oc.input(recordOf(z.string(), z.unknown())).output(configReportSchema),
  },
  events: oc.output(eventIterator(engineEventSchema)),
  images: {
    list: oc.output(z.array(imageSchema)),
    inspect: oc.input(imageInputs.byReference).output(imageDetailsSchema),
    pull: oc.input(imageInputs.pull).output(operationSchema),
    push: oc.input(imageInputs.push).output(operationSchema),
    /** For a field that completes references. Never fails for what is typed. */
    search: oc.input(imageInputs.search).output(imageSuggestionsSchema),
    /** Another name for an image; one that was another image's is taken over. */
    tag: oc.input(imageInputs.tag).output(imageSchema),
    /** @throws `image/in-use` with the names of the sandboxes, unless `force` is set */
    remove: oc.input(imageInputs.remove).output(removalSchema),
    /** What nothing uses: says what would go, or takes it away. */
    prune: oc.input(imageInputs.prune).output(removalSchema),
    usage: oc.output(storeUsageSchema),
    /** Without a limit: none. */
    setLimit: oc.input(imageInputs.setLimit).output(storeUsageSchema),
    /** Verifies every digest and reference; mends what can be mended without losing anything. */
    check: oc.input(imageInputs.check).output(operationSchema),
    import: oc.input(imageInputs.import).output(operationSchema),
    /** Programs on this machine that build or keep images. */
    programs: oc.output(z.array(foundProgramSchema)),
    /** The images that they keep. */
    localImages: oc.output(z.array(localImageSchema)),
    importFrom: oc.input(imageInputs.importFrom).output(operationSchema),
    export: oc.input(imageInputs.export).output(operationSchema),
    /** The changes of a sandbox's disk as one more layer above its image. */
    commit: oc.input(imageInputs.commit).output(operationSchema),
    build: oc.input(imageInputs.build).output(operationSchema),
  },
  registries: {
    /** Those with settings or a credential, and docker.io. Never a secret. */
    list: oc.output(z.array(registrySchema)),
    /** Where a password would be kept. */
    storage: oc.output(secretStorageSchema),
    login: oc.input(registryInputs.login).output(registrySchema),
    /** Forgets Skerry's own credential; files of other programs stay as they are. */
    logout: oc.input(registryInputs.byRegistry).output(registrySchema),
    configure: oc.input(registryInputs.configure).output(registrySchema),
    /** Forgets Skerry's own credential and settings. */
    remove: oc.input(registryInputs.byRegistry).output(z.void()),
    test: oc.input(registryInputs.test).output(registryTestSchema),
  },
  sandboxes: {
    list: oc.output(z.array(sandboxSchema)),
    inspect: oc.input(byName).output(sandboxSchema),
    /** A free name and the image to begin with. */
    suggest: oc.output(suggestionSchema),
    /** Pulls the image if it is not in the store, makes the sandbox and boots it. */
    create: oc.input(createRequestSchema).output(operationSchema),
    /**
     * Changes the configuration of a sandbox and says when each change applies. One that needs a
     * new sandbox is refused with `config/needs-new-sandbox`, and nothing is changed then.
     */
    configure: oc
      .input(byName.extend({ config: sandboxConfigSchema }))
      .output(z.object({ sandbox: sandboxSchema, changes: z.array(configChangeSchema) })),
    /** Makes another sandbox of the same configuration; with its disk it has to be stopped. */
    duplicate: oc
      .input(byName.extend({ as: sandboxNameSchema, withDisk: z.boolean().default(false) }))
      .output(operationSchema),
    /** One that is suspended goes on where it was, unless its memory is given up (`fromDisk`). */
    start: oc
      .input(byName.extend({ fromDisk: z.boolean().default(false) }))
      .output(operationSchema),
    /** @throws `sandbox/not-running` */
    pause: oc.input(byName).output(sandboxSchema),
    /** Of a paused sandbox; of one that runs: nothing. */
    resume: oc.input(byName).output(sandboxSchema),
    /** Writes its memory to disk and ends its machine. @throws `suspend/not-possible` */
    suspend: oc.input(byName).output(operationSchema),
    stop: oc
      .input(byName.extend({ graceMs: z.int().min(0).max(600_000).optional() }))
      .output(sandboxSchema),
    restart: oc.input(byName).output(operationSchema),
    remove: oc.input(byName.extend({ force: z.boolean().default(false) })).output(z.void()),
    exec: oc.input(execRequestSchema).output(sessionSchema),
    shell: oc.input(shellRequestSchema).output(sessionSchema),
    sessions: oc.input(byName).output(z.array(sessionSchema)),
    /** Its latest starts, the last one first. */
    boots: oc.input(byName).output(z.array(bootTimelineSchema)),
  },
  snapshots: {
    /** Of all sandboxes, the earliest first. */
    list: oc.output(z.array(snapshotSchema)),
    create: oc.input(snapshotInputs.create).output(operationSchema),
    rename: oc.input(snapshotInputs.rename).output(snapshotSchema),
    /** What others share with it stays. */
    remove: oc.input(snapshotInputs.byId).output(z.void()),
    restore: oc.input(snapshotInputs.restore).output(operationSchema),
    branch: oc.input(snapshotInputs.branch).output(operationSchema),
    /** Reads the disks, in a guest; what was found is for `changes`. */
    compare: oc.input(snapshotInputs.comparison).output(operationSchema),
    /** @throws `snapshot/not-compared` where `compare` was not, or the sandbox went on since */
    changes: oc.input(snapshotInputs.comparison).output(changedFilesSchema),
  },
  sessions: {
    inspect: oc.input(bySession).output(sessionSchema),
    /** What would be lost if it were closed now. */
    activity: oc.input(bySession).output(sessionActivitySchema),
    /** Hangs up (SIGHUP), and forgets what is left of it. One that has ended already: forgets it. */
    close: oc.input(bySession).output(z.void()),
  },
  files: {
    list: oc.input(fileInputs.byPath).output(fileListSchema),
    inspect: oc.input(fileInputs.byPath).output(fileEntrySchema),
    /** @throws `file/too-large`, `file/not-text` */
    read: oc.input(fileInputs.byPath).output(fileTextSchema),
    write: oc.input(fileInputs.write).output(fileTextSchema),
    rename: oc.input(fileInputs.rename).output(z.void()),
    remove: oc.input(fileInputs.remove).output(z.void()),
    makeDirectory: oc.input(fileInputs.makeDirectory).output(z.void()),
    setMode: oc.input(fileInputs.setMode).output(z.void()),
    setOwner: oc.input(fileInputs.setOwner).output(z.void()),
    /** What differs from the image, at or below the path. */
    changes: oc.input(fileInputs.byPath).output(changedFilesSchema),
    download: oc.input(fileInputs.download).output(fileTransferSchema),
    upload: oc.input(fileInputs.upload).output(fileTransferSchema),
  },
  logs: {
    /** Of a sandbox that has stopped too. */
    read: oc.input(logInputs.read).output(logPageSchema),
    /** Goes on over the runs of the sandbox, until it is removed. */
    follow: oc.input(logInputs.follow).output(eventIterator(logEventSchema)),
    /** Forgets all that was said; whoever follows hears of it. */
    clear: oc.input(logInputs.byName).output(z.void()),
  },
  stats: {
    /** Goes on over the runs of the sandbox, until it is removed. */
    watch: oc.input(byName).output(eventIterator(statsEventSchema)),
    /** Every sandbox that runs, each second. */
    watchAll: oc.output(eventIterator(statsOverviewSchema)),
    /** What runs in the guest now, in the order of the pids; at most 4096. */
    processes: oc.input(byName).output(z.array(processSchema)),
  },
  commands: {
    /** The latest first. */
    list: oc.input(commandInputs.byName).output(z.array(commandRunSchema)),
    /** Every run now, then each that is new, has changed or has gone. */
    watch: oc.input(commandInputs.byName).output(eventIterator(commandEventSchema)),
    run: oc.input(commandInputs.run).output(commandRunSchema),
    /** Its output so far, then more as it comes, until it has ended. */
    output: oc.input(commandInputs.byId).output(eventIterator(commandOutputSchema)),
    signal: oc.input(commandInputs.signal).output(z.void()),
    /** Forgets a run that has ended, with its output. */
    remove: oc.input(commandInputs.byId).output(z.void()),
  },
  network: {
    inspect: oc.input(networkInputs.byName).output(networkStatusSchema),
    /** The status and the whole log now, then each change. */
    watch: oc.input(networkInputs.byName).output(eventIterator(networkEventSchema)),
    /** Decisions of the gateway, the latest last. */
    log: oc.input(networkInputs.byName).output(z.array(decisionSchema)),
    set: oc.input(networkInputs.set).output(networkStatusSchema),
    decide: oc.input(networkInputs.decide).output(networkStatusSchema),
    forget: oc.input(networkInputs.forget).output(networkStatusSchema),
    /** @throws `network/port-in-use` with the holder and a free port in its details */
    addPort: oc.input(networkInputs.port).output(publishedPortSchema),
    removePort: oc.input(networkInputs.port).output(z.void()),
    /** Ports that listen in the guest, asked of it now. */
    listeners: oc.input(networkInputs.byName).output(z.array(guestPortSchema)),
    /** What would happen to a destination, and why. A name is looked up by the host. */
    test: oc.input(networkInputs.test).output(networkAnswerSchema),
    testConfig: oc.input(networkInputs.testConfig).output(networkAnswerSchema),
  },
  volumes: {
    list: oc.output(z.array(namedVolumeSchema)),
    /** With what it occupies, which takes as long as its files are many. */
    inspect: oc.input(z.strictObject({ name: volumeNameSchema })).output(namedVolumeSchema),
    create: oc.input(z.strictObject({ name: volumeNameSchema })).output(namedVolumeSchema),
    /** Refused where a sandbox mounts it, unless `force` is set. */
    remove: oc
      .input(z.strictObject({ name: volumeNameSchema, force: z.boolean().default(false) }))
      .output(z.void()),
  },
  presets: {
    list: oc.output(z.array(presetSchema)),
    /** Keeps a configuration as a preset of the user's; one of the same name is replaced. */
    save: oc
      .input(
        z.strictObject({
          name: presetNameSchema,
          description: z.string().max(200).default(''),
          config: sandboxConfigSchema,
        }),
      )
      .output(presetSchema),
    remove: oc.input(z.strictObject({ name: presetNameSchema })).output(z.void()),
  },
  operations: {
    cancel: oc.input(z.strictObject({ id: z.string() })).output(z.void()),
    /** Yields the operation now and at each change, and ends when it has ended. */
    watch: oc.input(z.strictObject({ id: z.string() })).output(eventIterator(operationSchema)),
    /** The last lines of its output now, then more as they come, until it has ended. */
    output: oc.input(z.strictObject({ id: z.string() })).output(eventIterator(z.string())),
  },
};
