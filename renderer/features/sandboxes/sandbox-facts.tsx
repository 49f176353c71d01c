import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatDuration, formatMiB, plural, shortDigest } from '../../ui/format.ts';
import { Facts } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { isAlive } from './sandbox-actions.ts';
import './sandbox-facts.css';

const accelerators = {
  kvm: 'KVM: the processor runs the guest itself',
  hvf: 'Hypervisor.framework: the processor runs the guest itself',
  tcg: 'TCG: software emulation',
} as const;

/** All that is known of a sandbox, each value ready to copy. */
export function SandboxFacts(props: { readonly sandbox: Sandbox; readonly hostHref: string }) {
  const { sandbox, hostHref } = props;
  const { config, accelerator, imageDigest, startedAtMs, bootMs, vmPid, id } = sandbox;
  const facts: { label: string; value: ReactNode }[] = [
    { label: 'Image', value: <Copyable value={config.image} what="image reference" /> },
  ];
  const add = (label: string, value: ReactNode) => facts.push({ label, value });
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
  add('Network', 'none in this version');
  add('Shell', <Copyable value={config.shell} what="shell" />);
  if (config.workdir !== undefined) {
    add('Directory', <Copyable value={config.workdir} what="working directory" />);
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
        <p className="warning">
          <TriangleAlert className="icon" aria-hidden />
          <span>
            It runs under software emulation, many times slower than on hardware.{' '}
            <a href={hostHref}>See what this host lacks</a>
          </span>
        </p>
      )}
      <Facts facts={facts} />
    </section>
  );
}
