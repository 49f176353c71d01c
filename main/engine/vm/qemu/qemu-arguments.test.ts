import { describe, expect, it } from 'vitest';
import { aVmSpec } from '../../testing/a-vm-spec.ts';
import type { VmSpec } from '../driver.ts';
import { planVm, type VmArch } from '../plan.ts';
import { buildQemuArguments } from './qemu-arguments.ts';

const sockets = { monitor: '/run/m,1', console: '/run/c', agent: '/run/a' };

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
      -object memory-backend-memfd,id=memory,size=512M,share=on
      -accel tcg,thread=multi
      -cpu max
      -smp 2
      -chardev socket,id=monitor,path=/run/m,,1,server=on,wait=off
      -mon chardev=monitor,mode=control
      -chardev socket,id=console,path=/run/c,server=on,wait=off
      -serial chardev:console
      -chardev socket,id=agent,path=/run/a,server=on,wait=off
      -device virtio-serial-device,max_ports=2
      -device virtserialport,chardev=agent,name=skerry.agent
      -blockdev node-name=disk0-file,driver=file,filename=/state/box/root.vmdk,aio=threads,cache.direct=off,cache.no-flush=off,read-only=on,discard=ignore
      -blockdev node-name=disk0,driver=vmdk,file=disk0-file,read-only=on,discard=ignore
      -device virtio-blk-device,drive=disk0,serial=root,rerror=report,werror=report
      -blockdev node-name=disk1-file,driver=file,filename=/state/box/upper,, disk.raw,aio=threads,cache.direct=off,cache.no-flush=off,read-only=off,discard=unmap
      -blockdev node-name=disk1,driver=raw,file=disk1-file,read-only=off,discard=unmap
      -device virtio-blk-device,drive=disk1,serial=upper,rerror=report,werror=report
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
      -object memory-backend-memfd,id=memory,size=512M,share=on
      -accel kvm
      -cpu host
      -smp 1
      -chardev socket,id=monitor,path=/run/m,,1,server=on,wait=off
      -mon chardev=monitor,mode=control
      -chardev socket,id=console,path=/run/c,server=on,wait=off
      -serial chardev:console
      -chardev socket,id=agent,path=/run/a,server=on,wait=off
      -device virtio-serial-device,max_ports=2
      -device virtserialport,chardev=agent,name=skerry.agent
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
      -device virtserialport,chardev=agent,name=skerry.agent
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
});
