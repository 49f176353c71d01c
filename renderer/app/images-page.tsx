import { useStore } from 'zustand';
import { ImagesView } from '../features/images/images-view.tsx';
import { CancelButton, OperationProgress } from '../features/operations/operation-progress.tsx';
import { describeOperation } from '../features/operations/operation-selectors.ts';
import { operationStore } from '../features/operations/operation-store.ts';
import { formatRoute } from './routes.ts';

/** Images, with the pulls that go on and the last one if it failed. */
export function ImagesPage() {
  const operations = useStore(operationStore, (state) => state.operations);
  const pulls = operations.filter(({ kind }) => kind === 'pull');
  const shown = pulls.filter(
    (pull, index) => pull.state === 'running' || (index === 0 && pull.state === 'failed'),
  );
  return (
    <ImagesView
      createHref={(image) => formatRoute({ page: 'create', image })}
      pulls={shown.map((pull) => (
        <section key={pull.id} className="card section" aria-label={describeOperation(pull)}>
          <div className="card-head">
            <h2>{describeOperation(pull)}</h2>
            <CancelButton operation={pull} />
          </div>
          <OperationProgress operation={pull} />
        </section>
      ))}
    />
  );
}
