/** A toy shell behind the in-memory host's terminals: enough to work on the terminal's looks. */
import {
  parseClientFrame,
  serializeHostFrame,
  sessionWindowBytes,
  type HostFrame,
} from '../../../main/contract/session-frames.ts';
import type { FrameChannel, FrameHandlers } from '../transport.ts';

const prompt = '\x1b[32m/\x1b[0m # ';

/** Opens the channel of one session; honours the window as a real host does. */
export function openFakeShell(
  sandboxName: string,
  handlers: FrameHandlers,
  onExit: () => void,
): FrameChannel {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let line = '';
  let unacknowledged = 0;
  let closed = false;
  let flooding = false;

  const deliver = (frame: HostFrame) => {
    queueMicrotask(() => {
      if (!closed) handlers.onFrame(serializeHostFrame(frame));
    });
  };
  const print = (text: string) => {
    const bytes = encoder.encode(text);
    unacknowledged += bytes.length;
    deliver({ type: 'stdout', bytes });
  };
  const exit = (code: number) => {
    deliver({ type: 'exit', status: { kind: 'exited', code } });
    onExit();
  };
  const flood = () => {
    if (!flooding || closed) return;
    while (unacknowledged < sessionWindowBytes - 32_768) print('y\r\n'.repeat(8_192));
  };

  const run = (command: string) => {
    const [name = '', ...rest] = command.trim().split(/\s+/);
    switch (name) {
      case '':
        break;
      case 'uname':
        print(`Linux ${sandboxName} 6.1.0-37-cloud-amd64 #1 SMP x86_64 GNU/Linux\r\n`);
        break;
      case 'echo':
        print(`${rest.join(' ')}\r\n`);
        break;
      case 'ls':
        print('\x1b[34mbin  dev  etc  proc  root  sys  tmp  usr  var\x1b[0m\r\n');
        break;
      case 'link':
        print('See https://example.org/docs for more.\r\n');
        break;
      case 'yes':
        flooding = true;
        flood();
        return;
      case 'exit':
        exit(Number(rest[0] ?? 0));
        return;
      default:
        print(`sh: ${name}: not found\r\n`);
    }
    print(prompt);
  };

  const type = (character: string) => {
    if (character === '\x03') {
      flooding = false;
      line = '';
      print(`^C\r\n${prompt}`);
    } else if (character === '\r') {
      const command = line;
      line = '';
      print('\r\n');
      run(command);
    } else if (character === '\x7f') {
      if (line !== '') print('\b \b');
      line = line.slice(0, -1);
    } else if (character >= ' ') {
      line += character;
      print(character);
    }
  };

  print(prompt);
  return {
    send: (bytes) => {
      const frame = parseClientFrame(bytes);
      if (frame?.type === 'input') {
        const text = decoder.decode(frame.bytes, { stream: true });
        deliver({ type: 'ack', byteCount: frame.bytes.length });
        for (const character of text) type(character);
      } else if (frame?.type === 'ack') {
        unacknowledged -= frame.byteCount;
        flood();
      } else if (frame?.type === 'signal') {
        onExit();
      }
    },
    close: () => {
      closed = true;
    },
  };
}
