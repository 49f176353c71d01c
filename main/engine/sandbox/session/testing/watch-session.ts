import type { Session } from '../../../../contract/session.ts';
import type { Engine } from '../../../engine.ts';
import { TestScreen } from './a-terminal.ts';

/** A screen on a session, and a way to wait for what it shows. */
export function watchSession(engine: Engine, session: Session) {
  const screen = new TestScreen();
  let wake: () => void = () => undefined;
  screen.onOutput = () => {
    wake();
  };
  const attachment = engine.sessions.attach(session.id, screen);
  screen.attachment = attachment;
  return {
    screen,
    attachment,
    type: (text: string) => attachment.write(Buffer.from(text)),
    async until(pattern: RegExp): Promise<void> {
      while (!pattern.test(screen.shown)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
