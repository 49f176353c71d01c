import type { ReactNode } from 'react';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatDuration, formatMiB, plural, shortDigest } from '../../ui/format.ts';
import { Facts } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { Warning } from '../../ui/warning.tsx';
import { describePolicy, describePort } from '../../words/network-words.ts';
import { isAlive } from './sandbox-actions.ts';

const accelerators = {
  kvm: 'KVM: the processor runs the guest itself',
  hvf: 'Hypervisor.framework: the processor runs the guest itself',
  tcg: 'TCG: software emulation',
} as const;

function VolumeFact(props: {
  readonly target: string;
  readonly volume: Sandbox['config']['volumes'][string];
  readonly sharedBy: Sandbox['sharedBy'];
}) {
  const { target, volume, sharedBy } = props;
  const { bind, named, tmpfs, access } = volume;
  if (tmpfs !== undefined) {
    return (
      <Copyable
        value={target}
        shown={`${target}, tmpfs of ${formatMiB(tmpfs.sizeMiB)}`}
        what="path"
      />
    );
  }
  const source = bind ?? named ?? '';
  const how = access === 'rw' ? 'read and write' : 'read-only';
  return (
    <>
      <Copyable value={source} shown={`${target} ← ${source}`} what="source of the volume" />{' '}
      <span className="quiet">
        {how}
        {sharedBy === undefined ? '' : `, ${sharedBy}`}
      </span>
    </>
  );
}

function NetworkFact(props: { readonly sandbox: Sandbox; readonly networkHref: string }) {
  const { config, network, state } = props.sandbox;
  return (
    <>
      <a href={props.networkHref}>{describePolicy(config.network)}</a>
      {state === 'running' && network === 'down' && (
        <span className="quiet">, down: its gateway is being started again</span>
      )}
    </>
  );
}

/** All that is known of a sandbox, each value ready to copy. */
export function SandboxFacts(props: {
  readonly sandbox: Sandbox;
  readonly hostHref: string;
  readonly networkHref: string;
}) {
  const { sandbox, hostHref, networkHref } = props;
  const { config, accelerator, imageDigest, startedAtMs, bootMs, vmPid, id } = sandbox;
  const { root } = sandbox;
  const facts: { label: string; value: ReactNode }[] = [];
  const add = (label: string, value: ReactNode) => facts.push({ label, value });
  if (root?.kind === 'directory') {
    add('Directory', <Copyable value={root.path} what="path of the root" />);
    add(
      'Changes',
      config.root.access === 'ro' ? 'go to a disk of its own' : 'the directory itself',
    );
  } else if (root?.kind === 'disk') {
    add('Disk image', <Copyable value={root.path} what="path of the disk" />);
    add('Format', `${root.format}${config.root.fork === true ? ', forked' : ''}`);
  } else {
    add('Image', <Copyable value={config.image} what="image reference" />);
  }
  if (imageDigest !== undefined) {
    add(
      'Digest',
      <Copyable value={imageDigest} shown={shortDigest(imageDigest)} what="image digest" />,
    );
  }
  add(
    'CPUs',
    <Copyable value={String(config.cpus)} shown={plural(config.cpus, 'CPU')} what="CPUs" />,
  );
  add(
    'Memory',
    <Copyable
      value={`${String(config.memoryMiB)} MiB`}
      shown={formatMiB(config.memoryMiB)}
      what="memory"
    />,
  );
  add(
    'Disk',
    <Copyable
      value={`${String(config.rootDiskMiB)} MiB`}
      shown={`${formatMiB(config.rootDiskMiB)}, sparse`}
      what="disk size"
    />,
  );
  add('Network', <NetworkFact sandbox={sandbox} networkHref={networkHref} />);
  for (const port of config.network.ports) {
    add('Port', <Copyable value={port} shown={describePort(port)} what="port" />);
  }
  add('Shell', <Copyable value={config.shell} what="shell" />);
  if (config.workdir !== undefined) {
    add('Works in', <Copyable value={config.workdir} what="working directory" />);
  }
  if (config.user !== undefined) add('User', <Copyable value={config.user} what="user" />);
  for (const [target, volume] of Object.entries(config.volumes)) {
    add('Volume', <VolumeFact target={target} volume={volume} sharedBy={sandbox.sharedBy} />);
  }
  const scripts = Object.keys(config.scripts);
  if (scripts.length > 0) add('Scripts', <Copyable value={scripts.join(' ')} what="scripts" />);
  for (const [key, value] of Object.entries(config.labels)) {
    add('Label', <Copyable value={`${key}=${value}`} what="label" />);
  }
  if (startedAtMs !== undefined) {
    add('Started', <Ago atMs={startedAtMs} />);
  }
  if (bootMs !== undefined) {
    add(
      'Boot',
      <Copyable value={`${String(bootMs)} ms`} shown={formatDuration(bootMs)} what="boot time" />,
    );
  }
  if (accelerator !== undefined) {
    add('Accelerator', <Copyable value={accelerators[accelerator]} what="accelerator" />);
  }
  if (vmPid !== undefined) {
    add('Process', <Copyable value={String(vmPid)} what="process id" />);
  }
  add('Created', <Ago atMs={sandbox.createdAtMs} />);
  add('Id', <Copyable value={id} what="id" />);
  return (
    <section className="section" aria-label="Overview">
      {accelerator === 'tcg' && isAlive(sandbox.state) && (
        <Warning>
          It runs under software emulation, many times slower than on hardware.{' '}
          <a href={hostHref}>See what this host lacks</a>
        </Warning>
      )}
      <Facts facts={facts} />
    </section>
  );
}
