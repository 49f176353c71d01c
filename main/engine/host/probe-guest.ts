/**
 * Guests of a few bytes for probes. On x86 each is a firmware image of 64 KiB that ends at 4 GiB,
 * where the processor starts in real mode, 16 bytes before the end (Intel SDM volume 3, 10.1.4).
 */

const imageBytes = 64 * 1024;
const resetOffset = imageBytes - 16;

/** What the exit guest writes to the debug-exit device. */
const exitValue = 0x2a;
const exitPort = 0xf4;

/** A guest that ends its machine, and how QEMU is told to run it. */
export interface ExitGuest {
  readonly image: Buffer;
  /** QEMU's arguments, given the path of the image. */
  readonly qemuArguments: (imagePath: string) => string[];
  /** What QEMU exits with when the guest has run to its end. */
  readonly exitCode: number;
}

/** The guest that ends its machine, for this processor. */
export function exitGuest(arch: string): ExitGuest {
  return arch === 'arm64' ? arm64ExitGuest() : x86ExitGuest();
}

/** isa-debug-exit ends QEMU with an odd code, which QEMU itself never uses. */
function x86ExitGuest(): ExitGuest {
  const device = `isa-debug-exit,iobase=${String(exitPort)},iosize=1`;
  return {
    image: buildExitFirmware(),
    qemuArguments: (imagePath) => ['-M', 'microvm', '-bios', imagePath, '-device', device],
    exitCode: (exitValue << 1) | 1,
  };
}

/** PSCI SYSTEM_OFF (Arm DEN 0022, section 5.9); a guest that does not run never ends. */
function arm64ExitGuest(): ExitGuest {
  const instructions = [
    0x52800100, // mov  w0, #0x0008
    0x72b08000, // movk w0, #0x8400, lsl #16
    0xd4000002, // hvc  #0
    0x14000000, // b    to itself
  ];
  const bytes = Buffer.alloc(4 * instructions.length);
  for (const [index, word] of instructions.entries()) bytes.writeUInt32LE(word, 4 * index);
  return {
    image: bytes,
    qemuArguments: (imagePath) => ['-M', 'virt', '-kernel', imagePath],
    exitCode: 0,
  };
}

function buildExitFirmware(): Buffer {
  return image([
    [0xba, exitPort, 0x00], // mov dx, exitPort
    [0xb0, exitValue], //      mov al, exitValue
    [0xee], //                 out dx, al
    [0xf4], //                 hlt
    [0xeb, 0xfd], //           jmp to the hlt
  ]);
}

function image(code: readonly (readonly number[])[]): Buffer {
  const bytes = Buffer.alloc(imageBytes, 0xf4);
  Buffer.from(code.flat()).copy(bytes, 0);
  const afterJump = resetOffset + 3;
  bytes.writeUInt8(0xe9, resetOffset);
  bytes.writeUInt16LE(imageBytes - afterJump, resetOffset + 1);
  return bytes;
}
