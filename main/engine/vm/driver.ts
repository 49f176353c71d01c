/**
 * What starts virtual machines on this host. One contract suite (`testing/driver-contract.ts`)
 * runs against every driver. Callers ask for capabilities, never for a driver's name.
 */
import type { Duplex } from 'node:stream';
import type { Accelerator } from '../../contract/sandbox.ts';
import type { ShareTools } from '../host/share-command.ts';

/** One disk of a machine. The guest finds it by `serial` in /sys/block/NAME/serial. */
export type VmDisk = VmFileDisk | VmPlaceholderDisk;

/** A disk that is in files. */
export interface VmFileDisk {
  /** At most 20 characters, by virtio-blk: `root`, `upper`. */
  readonly serial: string;
  readonly path: string;
  readonly format: 'raw' | 'qcow2' | 'vmdk';
  readonly readOnly: boolean;
  /**
   * The files below this one, the nearest first, each with its format. A driver opens these and no
   * other, whatever the content of the disk says.
   */
  readonly backing?: readonly VmDiskFile[];
}

/**
 * A disk of one mebibyte of zeros, without a file: it keeps the place of one that another machine
 * has there, which goes on from this one. What is written to it is lost.
 */
export interface VmPlaceholderDisk {
  readonly serial: string;
  readonly format: 'none';
  readonly readOnly: boolean;
  readonly path?: undefined;
  readonly backing?: undefined;
}

/** A file below a disk; it is never written. */
export interface VmDiskFile {
  readonly path: string;
  readonly format: 'raw' | 'qcow2' | 'vmdk';
}

/** A directory or file of the host that the guest is to see. */
export interface VmShareEntry {
  /** By which the guest asks for it: letters, digits, `.`, `_` and `-`, at most 31. */
  readonly name: string;
  /** Absolute, without symlinks. */
  readonly path: string;
  readonly isFile: boolean;
  /** Held by the host, whatever the guest does. */
  readonly readOnly: boolean;
}

/** Where a disk writes from now on; see {@link Vm.switchDisks}. */
export interface VmDiskOverlay {
  readonly serial: string;
  /** A qcow2 file. */
  readonly path: string;
}

/** What is shared with a machine, and how. */
export interface VmShares {
  /** `virtiofs`: one device, tagged `skerry`, with an entry for each. `9p`: a device, tagged by name, for each. */
  readonly transport: 'virtiofs' | '9p';
  readonly entries: readonly VmShareEntry[];
  /** What serves `virtiofs` on this host; a real driver needs it. */
  readonly tools?: ShareTools;
}

/** The network device of a machine. What crosses it is served at {@link Vm.networkSocket}. */
export interface VmNetwork {
  /** `02:00:00:00:00:02` */
  readonly mac: string;
  /** Largest IP packet. */
  readonly mtu: number;
}

/**
 * A machine that was saved by {@link Vm.save}. Another one goes on from it if it is the same: its
 * devices in their order, its memory and CPUs, its accelerator, and the driver's version. That, and
 * that the files are from one save, is for the caller to see to: a driver notices other memory and
 * most other devices, and not one CPU more. So is what is on the disks.
 */
export interface SavedVm {
  /** The state of its devices; its memory too, unless that is by itself. */
  readonly statePath: string;
  /** Its memory by itself, which is never written: what a machine changes is its own. */
  readonly memoryPath?: string;
}

/** Everything a driver needs to know to start a machine. */
export interface VmSpec {
  /** The sandbox's id; also in the name of the process. */
  readonly id: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly accelerator: Accelerator;
  readonly kernelPath: string;
  readonly initramfsPath: string;
  /** Added to what the driver itself must say on the kernel's command line. */
  readonly kernelArguments: readonly string[];
  readonly disks: readonly VmDisk[];
  readonly shares?: VmShares;
  readonly network?: VmNetwork;
  /** Begins where this one was saved, instead of with its kernel. */
  readonly from?: SavedVm;
  /** With {@link from}: all of it is there when it has started, and nothing of it runs until it is resumed. */
  readonly startsPaused?: boolean;
  /**
   * The file that holds its memory while it runs, which must not be there; for a machine that is
   * booted to be saved. {@link Vm.save} leaves the memory in it, and it stays when the machine ends:
   * end the machine after that, because one that is resumed goes on writing there. Not with `from`.
   */
  readonly memoryPath?: string;
  /** A directory of this machine's own (mode 0700, short path) for its sockets and its pid file. */
  readonly runtimeDir: string;
  /** Where the serial console of this run goes, bounded in size by the driver. */
  readonly consoleLogPath: string;
  /** Where the monitor's own messages of this run go, bounded as well. */
  readonly monitorLogPath: string;
}

/** Whose a machine is, and where it and its logs are. */
export type VmPlace = Pick<VmSpec, 'id' | 'runtimeDir' | 'consoleLogPath' | 'monitorLogPath'>;

/**
 * Hears what a machine says on its console, as it is written to the log of the driver; what it
 * resolves with is waited for, so that a flood is read no faster than it is used. Never rejects.
 */
export type OnConsole = (bytes: Uint8Array) => Promise<void> | void;

/** How a machine ended. */
export interface VmExit {
  /** `shutdown`: the guest or the host asked for it. `crash`: nobody did. `killed`: `kill()`. */
  readonly reason: 'shutdown' | 'crash' | 'killed';
  /** For a person: exit code, signal, last line of the monitor's log. */
  readonly detail: string;
}

/** A machine that runs. It goes on running when its handle is released or the host process dies. */
export interface Vm {
  readonly pid: number;
  readonly accelerator: Accelerator;
  /** Settles once, when the machine's process has ended. Never rejects; pending after `release()`. */
  readonly exited: Promise<VmExit>;
  /**
   * Unix socket at which the machine sends and takes frames, each behind its length (32 bits,
   * big-endian), for one process at a time; absent where it has no network device.
   */
  readonly networkSocket: string | undefined;
  /**
   * Byte stream to the guest agent's port, one at a time; a new one takes the port over, and the
   * earlier one is closed. A stream ends with its machine, by an error or without.
   * @throws AppError `agent/disconnected` where the machine has gone
   */
  openAgentPort(signal?: AbortSignal): Promise<Duplex>;
  /** Its processors stand still. */
  readonly isPaused: boolean;
  /**
   * Stops its processors; what it has in memory stays, and what it wrote is with the host. Of one
   * that is paused: nothing, but that one which was saved since runs for a moment, so that it can be
   * saved again.
   * @throws AppError `vm/crashed` where the machine has ended; of one that was saved, `vm/start-failed`
   *   where another machine has taken a disk of it meanwhile
   */
  pause(): Promise<void>;
  /** Of one that runs: nothing. @throws AppError as {@link pause} */
  resume(): Promise<void>;
  /**
   * Resolves when the guest has opened the agent's port, without asking it anything; for a machine
   * that is booted to be saved. Of a guest that has it open: at once.
   * @throws AppError `vm/crashed`, `operation/cancelled`
   */
  agentPortOpened(signal?: AbortSignal): Promise<void>;
  /**
   * Writes the state of a paused machine, and its memory unless the spec gave that a file, to a file
   * that must not be there, of mode 0600. The machine stays paused and can be resumed; saved or
   * switched to other disks it can be when it was paused again, so switch the disks first. What fails
   * leaves no file; a host process that dies meanwhile may leave `.NAME.*.tmp` beside it.
   * @throws AppError `vm/save-failed`, `store/no-space`, `operation/cancelled`
   */
  save(
    statePath: string,
    options?: {
      readonly signal?: AbortSignal | undefined;
      /** Bytes that were written, now and then. */
      readonly onProgress?: ((bytes: number) => void) | undefined;
    },
  ): Promise<void>;
  /**
   * From now on the disks of these serials write to new qcow2 files, above what they wrote to until
   * now, which is only read from here on: all of them at one moment, or none. The files are there
   * already, empty, and as large as their disks; what they say is below them counts for nothing. The
   * machine runs or is paused, and was not saved since.
   * @throws AppError `vm/save-failed`
   */
  switchDisks(overlays: readonly VmDiskOverlay[]): Promise<void>;
  /**
   * Other files, or none, in the places of disks that no driver of the guest has: the guest finds
   * them when it looks for disks. Each may be written as the disk before it.
   * @throws AppError `vm/start-failed`: the machine is of no use then, and for the caller to end
   */
  setDisks(disks: readonly VmDisk[]): Promise<void>;
  /**
   * Makes a machine that was started before it was known whose it is that one's: what it has in its
   * runtime directory goes to another one, which must be empty, and its logs begin anew.
   * @throws AppError `vm/start-failed`: as {@link setDisks}
   */
  moveTo(place: VmPlace, options?: { readonly onConsole?: OnConsole | undefined }): Promise<void>;
  /** Ends the machine in order, without asking the guest; resolves when that was accepted. */
  quit(): Promise<void>;
  /** Ends the process without asking; resolves when it has ended. */
  kill(): Promise<void>;
  /**
   * Lets go of the machine without ending it: closes sockets, stops copying the console. What is
   * asked of this handle afterwards fails with `vm/unsupported`.
   */
  release(): Promise<void>;
}

/** What a driver can do on this host. */
export interface VmCapabilities {
  readonly accelerators: readonly Accelerator[];
  /** Machines can be saved and go on elsewhere. */
  readonly save: boolean;
  /** Machines can be made ready before it is known whose they are: {@link Vm.moveTo}. */
  readonly standby: boolean;
  /** A machine that outlives the host process can be found again. */
  readonly reattach: boolean;
  /** How directories of the host can come in; whether this host can is for `host/share-probe.ts`. */
  readonly shares: readonly VmShares['transport'][];
}

/** Hears that a start goes on with its next part; for whoever shows where the time went. */
export type OnStartPart = (part: { readonly key: string; readonly label: string }) => void;

/** Starts machines and finds those that run. */
export interface VmDriver {
  readonly capabilities: VmCapabilities;
  /**
   * Starts a machine; resolves when its process runs and its monitor answers.
   * @throws AppError `vm/start-failed`, `vm/restore-failed`, `vm/unsupported`, `vm/qemu-missing`,
   *   `share/unavailable`, `operation/cancelled`; nothing is left behind then. Where another machine uses a disk, `details.disk` is its path.
   */
  start(
    spec: VmSpec,
    options?: {
      readonly signal?: AbortSignal;
      readonly onConsole?: OnConsole | undefined;
      readonly onPart?: OnStartPart | undefined;
    },
  ): Promise<Vm>;
  /**
   * The machine that was started with this spec's runtime directory and still runs, or undefined;
   * without an id, whosever it is.
   * It checks that the process is the same one, not another with its pid. A paused one stays paused,
   * and so does one whose host process died while it saved it; one that never ran is ended.
   * @throws AppError `vm/start-failed` where it runs but cannot be used; its pid is in the message
   */
  reattach(
    spec: Omit<VmPlace, 'id'> & { readonly id?: string },
    options?: { readonly onConsole?: OnConsole | undefined },
  ): Promise<Vm | undefined>;
}
