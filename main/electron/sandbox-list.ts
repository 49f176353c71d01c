import type { EngineEvent } from '../contract/event.ts';
import type { Sandbox } from '../contract/sandbox.ts';

/** Makes a hearer of events that calls back with all sandboxes whenever one of them changes. */
export function listSandboxes(
  listener: (sandboxes: readonly Sandbox[]) => void,
): (event: EngineEvent) => void {
  const known = new Map<string, Sandbox>();
  return (event) => {
    switch (event.type) {
      case 'snapshot':
        known.clear();
        for (const sandbox of event.sandboxes) known.set(sandbox.id, sandbox);
        break;
      case 'sandbox':
        known.set(event.sandbox.id, event.sandbox);
        break;
      case 'sandbox-removed':
        known.delete(event.id);
        break;
      case 'images':
      case 'snapshots':
      case 'operation':
        return;
    }
    listener([...known.values()]);
  };
}
