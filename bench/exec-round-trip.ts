import {
  createSandbox,
  readSession,
  runScript,
  TestHome,
} from '../main/engine/testing/test-engine.ts';
import { compare, type Figure } from './statistics.ts';

const commands = 50;

/** A command from the host and back, against the guest's own shell starting the same command. */
export async function benchExec(rounds: number): Promise<Figure> {
  await using home = await TestHome.make();
  const engine = await home.open();
  await createSandbox(engine, { name: 'bench' });
  const ours = async (): Promise<number> => {
    const startedAtMs = performance.now();
    for (let index = 0; index < commands; index += 1) {
      const session = await engine.sandboxes.exec({ name: 'bench', command: ['/bin/true'] });
      await readSession(engine, session);
    }
    return (performance.now() - startedAtMs) / commands;
  };
  const script = `i=0; while [ $i -lt ${String(commands)} ]; do /bin/true; i=$((i+1)); done`;
  const inGuest = async (): Promise<number> => {
    const startedAtMs = performance.now();
    await runScript(engine, 'bench', script);
    return (performance.now() - startedAtMs) / commands;
  };
  return await compare(
    { name: 'exec-round-trip', unit: 'ms', against: "the guest's own shell running it" },
    rounds,
    ours,
    inGuest,
  );
}
