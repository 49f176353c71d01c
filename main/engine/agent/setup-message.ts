/** SETUP as it is written: the root, the network, the volumes and the patches of a guest (PROTOCOL.md, "SETUP"). Pure. */
import type { GuestNetwork, GuestPatch, GuestRoot, GuestSetup, GuestVolume } from './agent.ts';
import { FieldsWriter, tag } from './fields.ts';

const rootKinds = { image: 1, directory: 2, disk: 3 } as const;
const transports = { virtiofs: 1, '9p': 2 } as const;
const volumeKinds = { share: 1, tmpfs: 2 } as const;
const patchKinds = { file: 1, dir: 2, append: 3, symlink: 4, mkdir: 5, remove: 6 } as const;

/** The payload of a SETUP. */
export function setupPayload(setup: GuestSetup): Uint8Array {
  const fields = new FieldsWriter().text(tag.hostname, setup.hostname);
  putRoot(fields, setup.root);
  if (setup.shareTransport !== undefined) {
    fields.u32(tag.transport, transports[setup.shareTransport]);
  }
  if (setup.seedSerial !== undefined) fields.text(tag.seedSerial, setup.seedSerial);
  fields.u32(tag.hasScripts, Number(setup.hasScripts));
  if (setup.network !== undefined) fields.bytes(tag.network, networkFields(setup.network));
  for (const volume of setup.volumes) fields.bytes(tag.volume, volumeFields(volume));
  for (const patch of setup.patches) fields.bytes(tag.patch, patchFields(patch));
  return fields.u64(tag.nowMs, setup.nowMs).bytes(tag.entropy, setup.entropy).finish();
}

function putRoot(fields: FieldsWriter, root: GuestRoot): void {
  fields.u32(tag.rootKind, rootKinds[root.kind]);
  switch (root.kind) {
    case 'image':
      fields.text(tag.lowerSerial, root.lowerSerial).text(tag.upperSerial, root.upperSerial);
      return;
    case 'directory':
      fields.text(tag.share, root.share);
      if (root.upperSerial !== undefined) fields.text(tag.upperSerial, root.upperSerial);
      return;
    case 'disk':
      fields.text(tag.lowerSerial, root.serial);
      if (root.partition !== undefined) fields.u32(tag.partition, root.partition);
  }
}

function networkFields({ mac, ipv4, ipv6, nameServers }: GuestNetwork): Uint8Array {
  const fields = new FieldsWriter()
    .bytes(tag.mac, mac)
    .bytes(tag.ipv4Address, ipv4.address)
    .u32(tag.ipv4Prefix, ipv4.prefix)
    .bytes(tag.ipv4Gateway, ipv4.gateway)
    .bytes(tag.ipv6Address, ipv6.address)
    .u32(tag.ipv6Prefix, ipv6.prefix)
    .bytes(tag.ipv6Gateway, ipv6.gateway);
  for (const address of nameServers) fields.text(tag.nameServer, address);
  return fields.finish();
}

function volumeFields(volume: GuestVolume): Uint8Array {
  const fields = new FieldsWriter()
    .u32(tag.kind, volumeKinds[volume.kind])
    .text(tag.target, volume.target);
  if (volume.kind === 'tmpfs') return fields.u32(tag.sizeMiB, volume.sizeMiB).finish();
  return fields
    .text(tag.share, volume.share)
    .u32(tag.isFile, Number(volume.isFile))
    .u32(tag.readOnly, Number(volume.readOnly))
    .finish();
}

function patchFields(patch: GuestPatch): Uint8Array {
  const { kind, path, source, target, mode, owner, replace } = patch;
  const fields = new FieldsWriter().u32(tag.kind, patchKinds[kind]).text(tag.path, path);
  if (source !== undefined) fields.text(tag.source, source);
  if (target !== undefined) fields.text(tag.target, target);
  if (mode !== undefined) fields.u32(tag.mode, mode);
  if (owner !== undefined) fields.text(tag.owner, owner);
  if (replace !== undefined) fields.u32(tag.replace, Number(replace));
  return fields.finish();
}
