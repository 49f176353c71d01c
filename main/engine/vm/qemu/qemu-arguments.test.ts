import { describe, expect, it } from 'vitest';
import { aVmSpec } from '../../testing/a-vm-spec.ts';
import type { VmSpec } from '../driver.ts';
import { planVm, type VmArch } from '../plan.ts';
import { buildQemuArguments } from './qemu-arguments.ts';

const sockets = {
  monitor: '/run/m,1',
  console: '/run/c',
  agent: '/run/a',
  shares: '/run/s,1',
  network: '/run/n',
};

/** One argument a line, an option with its value. */
function argumentsOf(overrides: Partial<VmSpec>, arch: VmArch, linux = true): string {
  const args = buildQemuArguments(planVm(aVmSpec(overrides), arch), { sockets, linux });
  return args.map((word) => (word.startsWith('-') ? `\n${word}` : ` ${word}`)).join('');
}

describe('buildQemuArguments', () => {
  it('describes an emulated machine on x86-64', () => {
    expect(argumentsOf({}, 'x64')).toMatchInlineSnapshot(`
      "
      -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
      -no-user-config
      -nodefaults
      -display none
      -nic none
      -name guest=skerry-box,debug-threads=on
      -msg timestamp=on
      -M microvm,ioapic2=on,memory-backend=memory,dump-guest-core=off
      -global virtio-mmio.force-legacy=false
      -m 512M
      -object memory-backend-ram,id=memory,size=512M,share=off
      -accel tcg,thread=multi
      -cpu max
      -smp 2
      -chardev socket,id=monitor,path=/run/m,,1,server=on,wait=off
      -mon chardev=monitor,mode=control
      -chardev socket,id=console,path=/run/c,server=on,wait=off
      -serial chardev:console
      -chardev socket,id=agent,path=/run/a,server=on,wait=off
      -device virtio-serial-device,max_ports=2
      -device virtserialport,id=agent,chardev=agent,name=skerry.agent
      -blockdev {"node-name":"disk0-file","driver":"file","filename":"/state/box/root.vmdk","aio":"threads","cache":{"direct":false,"no-flush":false},"read-only":true,"discard":"ignore"}
      -blockdev {"node-name":"disk0","driver":"vmdk","file":"disk0-file","backing":null,"read-only":true,"discard":"ignore"}
      -device virtio-blk-device,id=disk-root,drive=disk0,serial=root,rerror=report,werror=report
      -blockdev {"node-name":"disk1-file","driver":"file","filename":"/state/box/upper, disk.raw","aio":"threads","cache":{"direct":false,"no-flush":false},"read-only":false,"discard":"unmap"}
      -blockdev {"node-name":"disk1","driver":"raw","file":"disk1-file","read-only":false,"discard":"unmap"}
      -device virtio-blk-device,id=disk-upper,drive=disk1,serial=upper,rerror=report,werror=report
      -object rng-builtin,id=entropy
      -device virtio-rng-device,rng=entropy
      -kernel /assets/vmlinux
      -initrd /assets/initramfs.cpio
      -append console=ttyS0 panic=-1 quiet
      -no-reboot
      -S"
    `);
  });

  it('describes a machine with hardware virtualization', () => {
    expect(argumentsOf({ accelerator: 'kvm', cpus: 1, disks: [] }, 'x64')).toMatchInlineSnapshot(`
      "
      -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny
      -no-user-config
      -nodefaults
      -display none
      -nic none
      -name guest=skerry-box,debug-threads=on
      -msg timestamp=on
      -M microvm,ioapic2=on,memory-backend=memory,dump-guest-core=off
      -global virtio-mmio.force-legacy=false
      -m 512M
      -object memory-backend-ram,id=memory,size=512M,share=off
      -accel kvm
      -cpu host
      -smp 1
      -chardev socket,id=monitor,path=/run/m,,1,server=on,wait=off
      -mon chardev=monitor,mode=control
      -chardev socket,id=console,path=/run/c,server=on,wait=off
      -serial chardev:console
      -chardev socket,id=agent,path=/run/a,server=on,wait=off
      -device virtio-serial-device,max_ports=2
      -device virtserialport,id=agent,chardev=agent,name=skerry.agent
      -object rng-builtin,id=entropy
      -device virtio-rng-device,rng=entropy
      -kernel /assets/vmlinux
      -initrd /assets/initramfs.cpio
      -append console=ttyS0 panic=-1 quiet
      -no-reboot
      -S"
    `);
  });

  it('describes an emulated machine on arm64, on a host without seccomp and memfd', () => {
    expect(argumentsOf({ disks: [] }, 'arm64', false)).toMatchInlineSnapshot(`
      "
      -no-user-config
      -nodefaults
      -display none
      -nic none
      -name guest=skerry-box,debug-threads=on
      -msg timestamp=on
      -M virt,gic-version=max,memory-backend=memory,dump-guest-core=off
      -global virtio-mmio.force-legacy=false
      -m 512M
      -object memory-backend-ram,id=memory,size=512M,share=off
      -accel tcg,thread=multi
      -cpu max,pauth-impdef=on
      -smp 2
      -chardev socket,id=monitor,path=/run/m,,1,server=on,wait=off
      -mon chardev=monitor,mode=control
      -chardev socket,id=console,path=/run/c,server=on,wait=off
      -serial chardev:console
      -chardev socket,id=agent,path=/run/a,server=on,wait=off
      -device virtio-serial-device,max_ports=2
      -device virtserialport,id=agent,chardev=agent,name=skerry.agent
      -object rng-builtin,id=entropy
      -device virtio-rng-device,rng=entropy
      -kernel /assets/vmlinux
      -initrd /assets/initramfs.cpio
      -append console=ttyAMA0 panic=-1 quiet
      -no-reboot
      -S"
    `);
  });

  it('makes the socket of the agent last, which proves that the others accept connections', () => {
    const text = argumentsOf({}, 'x64');
    const order = ['id=monitor', 'id=console', 'id=agent'].map((id) => text.indexOf(id));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(Math.min(...order)).toBeGreaterThan(0);
  });

  it('opens the files below a disk by their own formats, the lowest first, and none more', () => {
    const text = argumentsOf(
      {
        disks: [
          {
            ...({ serial: 'root', path: '/fork.qcow2', format: 'qcow2', readOnly: false } as const),
            backing: [
              { path: '/base "1".qcow2', format: 'qcow2' } as const,
              { path: '/base.raw', format: 'raw' } as const,
            ],
          },
        ],
      },
      'x64',
    );
    const nodes = text.split('\n').filter((line) => line.startsWith('-blockdev'));
    const parsed = nodes.map((line) => JSON.parse(line.slice(10)) as Record<string, unknown>);
    const facts = parsed.map((node) => [
      node['node-name'],
      node['driver'],
      node['filename'] ?? node['file'],
      node['backing'],
      node['read-only'],
    ]);
    expect(facts).toEqual([
      ['disk0-below2-file', 'file', '/base.raw', undefined, true],
      ['disk0-below2', 'raw', 'disk0-below2-file', undefined, true],
      ['disk0-below1-file', 'file', '/base "1".qcow2', undefined, true],
      ['disk0-below1', 'qcow2', 'disk0-below1-file', 'disk0-below2', true],
      ['disk0-file', 'file', '/fork.qcow2', undefined, false],
      ['disk0', 'qcow2', 'disk0-file', 'disk0-below1', false],
    ]);
  });

  it('says that a qcow2 rests on nothing where nothing was named', () => {
    const disk = { serial: 'root', path: '/d', format: 'qcow2', readOnly: false } as const;
    expect(argumentsOf({ disks: [disk] }, 'x64')).toContain('"file":"disk0-file","backing":null');
  });

  const entries = [
    { name: 'v0', path: '/home/a, b', isFile: false, readOnly: false },
    { name: 'v1', path: '/etc', isFile: false, readOnly: true },
  ];

  it('shares by one device that the daemon serves', () => {
    const text = argumentsOf({ disks: [], shares: { transport: 'virtiofs', entries } }, 'x64');
    expect(text).toContain(
      '\n-chardev socket,id=shares,path=/run/s,,1\n-device vhost-user-fs-device,chardev=shares,tag=skerry,queue-size=1024\n',
    );
    expect(text).not.toContain('/home');
    // The daemon maps it.
    expect(text).toContain('-object memory-backend-memfd,id=memory,size=512M,share=on');
    const nothing = argumentsOf({ shares: { transport: 'virtiofs', entries: [] } }, 'x64');
    expect(nothing).not.toContain('shares');
  });

  it('shares by a device of 9p for each directory', () => {
    const text = argumentsOf({ disks: [], shares: { transport: '9p', entries } }, 'x64');
    expect(text).toContain(
      [
        '',
        '-fsdev local,id=share0,path=/home/a,, b,security_model=none,readonly=off,multidevs=remap',
        '-device virtio-9p-device,fsdev=share0,mount_tag=v0',
        '-fsdev local,id=share1,path=/etc,security_model=none,readonly=on,multidevs=remap',
        '-device virtio-9p-device,fsdev=share1,mount_tag=v1',
        '',
      ].join('\n'),
    );
    expect(text).not.toContain('/run/s');
  });

  it('waits for the state of a saved machine, whose memory it copies and whose kernel it has', () => {
    const from = { statePath: '/s', memoryPath: '/a,b' };
    const text = argumentsOf({ disks: [], from }, 'x64');
    expect(text).toContain('mem-path=/a,,b,share=off');
    expect(text).toContain('-incoming defer');
    expect(text).not.toContain('-kernel');
    expect(argumentsOf({ disks: [], from }, 'arm64')).toContain('-kernel');
    const kept = argumentsOf({ disks: [], memoryPath: '/m' }, 'x64');
    expect(kept).toContain('mem-path=/m,share=on');
    expect(kept).toContain('-kernel');
  });

  it('fills the place of a disk with zeros', () => {
    const disk = { serial: 'seed', format: 'none', readOnly: true } as const;
    expect(argumentsOf({ disks: [disk] }, 'x64')).toContain(
      '{"node-name":"disk0","driver":"null-co","size":1048576,"read-zeroes":true,"read-only":true}',
    );
  });
});
