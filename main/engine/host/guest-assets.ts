import { z } from 'zod';

/** Version of {@link guestAssetsManifestSchema}. */
export const guestAssetsVersion = 3;

/** Our own kernel, or one that the distribution has packaged: Debian's, or Ubuntu's. */
export type GuestKernelKind = 'own' | 'debian';

const templateSchema = z.strictObject({
  /** Size of the filesystem, and of the sparse file it becomes. */
  sizeMiB: z.int().positive(),
  /** File beside the manifest that holds the data ranges one after the other. */
  file: z.string(),
  /** `[offset, length]` in bytes of each range in the disk, ascending, in the order of the file. */
  ranges: z.array(z.tuple([z.int().nonnegative(), z.int().positive()])),
});

/**
 * `manifest.json` of a folder of guest assets: what there is and what it can do, so that nothing
 * is guessed. Paths are relative to the folder.
 */
export const guestAssetsManifestSchema = z.strictObject({
  version: z.literal(guestAssetsVersion),
  /** Changes whenever any file changes; the folder is named for it. */
  key: z.string(),
  /** `x64` or `arm64`, as Node names them. */
  arch: z.string(),
  kernel: z.strictObject({
    file: z.string(),
    /** `6.1.0-49-cloud-amd64` */
    release: z.string(),
    origin: z.enum(['debian-cloud', 'ubuntu', 'own']),
    /** For its command line: measured to make it boot sooner, and safe with every driver. */
    arguments: z.array(z.string()),
    features: z.strictObject({
      virtiofs: z.boolean(),
      ninep: z.boolean(),
      network: z.boolean(),
      xfs: z.boolean(),
      btrfs: z.boolean(),
      /** VPNs that are programs. */
      tun: z.boolean(),
      wireguard: z.boolean(),
      /** Docker, kind and the like can run in a sandbox. */
      containers: z.boolean(),
    }),
  }),
  initramfs: z.string(),
  /**
   * For guests whose root is a disk image: with the modules of its filesystems besides. The same
   * file where there are none.
   */
  diskInitramfs: z.string(),
  /** Empty ext4 filesystems; the default size needs no resize, the small one is grown from. */
  upperTemplates: z.array(templateSchema).min(1),
  /** OCI layout (directory) of the starter image. */
  starterImage: z.string(),
  /** Program that prints this host's TSC rate in kHz; x64 only. See `tsc-rate.c`. */
  tscRate: z.string().optional(),
  /** A static shell, for machines that rehearse their start. */
  shell: z.string().optional(),
  /** Program that prepares shared directories and becomes their daemon. See `share-mount.c`. */
  shareMount: z.string().optional(),
});

/** See {@link guestAssetsManifestSchema}. */
export type GuestAssetsManifest = z.infer<typeof guestAssetsManifestSchema>;

/** The assets of this machine, with absolute paths. */
export interface GuestAssets {
  readonly dir: string;
  readonly manifest: GuestAssetsManifest;
  readonly kernelPath: string;
  readonly initramfsPath: string;
  readonly diskInitramfsPath: string;
  readonly shareMountPath: string | undefined;
  readonly shellPath: string | undefined;
  /**
   * What goes on the kernel's command line with every driver: `kernel.arguments` and, on x64, the
   * host's TSC rate. Without the rate an emulated microvm hangs at boot whenever a busy host
   * disturbs the guest's own measurement: it has no other timer to fall back on.
   */
  readonly kernelArguments: readonly string[];
  readonly starterImageDir: string;
}
