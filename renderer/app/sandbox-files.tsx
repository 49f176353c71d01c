import { lazy, Suspense, useCallback } from 'react';
import type { Sandbox } from '../../main/contract/sandbox.ts';
import { useBridge } from '../bridge/bridge-context.tsx';
import { goOn } from './go-on.ts';
import { formatRoute } from './routes.ts';
import { navigate } from './use-route.ts';

// Most pages show no files, and the first paint of the window does not wait for them.
const FilesView = lazy(() =>
  import('../features/files/files-view.tsx').then((module) => ({ default: module.FilesView })),
);

/** The files of a sandbox, at the address of a path. */
export function SandboxFiles(props: {
  readonly sandbox: Sandbox;
  readonly path: string | undefined;
}) {
  const { sandbox, path } = props;
  const { name } = sandbox;
  const { connection } = useBridge();
  const hrefOf = useCallback(
    (of: string) => formatRoute({ page: 'sandbox', name, section: 'files', path: of }),
    [name],
  );
  const open = useCallback(
    (to: string) => {
      navigate({ page: 'sandbox', name, section: 'files', path: to });
    },
    [name],
  );
  return (
    <Suspense fallback={null}>
      <FilesView
        sandbox={sandbox}
        path={path}
        hrefOf={hrefOf}
        onOpen={open}
        onStart={() => {
          goOn(connection.client, name);
        }}
      />
    </Suspense>
  );
}
