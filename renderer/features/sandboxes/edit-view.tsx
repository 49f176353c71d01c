import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import {
  classifyChanges,
  type ConfigChange,
} from '../../../main/contract/config/config-changes.ts';
import { fileFieldOf } from '../../../main/contract/config/file-fields.ts';
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/page.tsx';
import { inLanguage, translate } from '../../words/language.ts';
import { checkDraft } from './check-draft.ts';
import { draftOf, type CreateDraft } from './create-draft.ts';
import { ConfigForm } from './form/config-form.tsx';
import type { NetworkTestComponent } from './form/network-section.tsx';
import { useConfigReport } from './form/use-config-report.ts';
import { useVolumeNames } from './form/use-volume-names.ts';
import './create-view.css';

const effects = {
  now: 'now',
  'next-start': 'nextStart',
  'new-sandbox': 'newSandbox',
} as const;

/** The form over a sandbox that is there: what changes, and when each change applies. */
export function EditView(props: {
  readonly sandbox: Sandbox;
  readonly machine: { readonly cpus: number; readonly memoryMiB: number } | undefined;
  readonly networkTest: NetworkTestComponent;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation('create');
  const { sandbox, machine, networkTest, onDone } = props;
  const { connection } = useBridge();
  const [before] = useState(sandbox.config);
  const [draft, setDraft] = useState<CreateDraft>(() => draftOf(before));
  const [error, setError] = useState<ErrorData>();
  const [isSaving, setIsSaving] = useState(false);
  const { config, problems: own } = checkDraft(draft, {
    takenNames: [],
    hostMemoryMiB: machine?.memoryMiB,
  });
  const report = useConfigReport(config);
  const changes = config === undefined ? [] : classifyChanges(before, config);
  const changed = new Set(changes.map(({ field }) => field));
  // Its own name is taken, and what has not changed is for the next start to say.
  const found = (report?.problems ?? []).filter(({ path }) =>
    changed.has(path.split('.')[0] ?? ''),
  );
  const problems = [...own, ...found];
  const isImpossible = changes.some(({ effect }) => effect === 'new-sandbox');

  const save = async () => {
    if (config === undefined) return;
    setIsSaving(true);
    setError(undefined);
    try {
      await connection.client.sandboxes.configure({ name: sandbox.name, config });
      onDone();
    } catch (thrown) {
      setError(toErrorData(thrown));
    } finally {
      setIsSaving(false);
    }
  };

  return (
    <Page title={<h1>{t('edit.title', { name: sandbox.name })}</h1>}>
      <form
        className="create"
        aria-label={t('edit.title', { name: sandbox.name })}
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.length === 0 && !isSaving && !isImpossible) void save();
        }}
      >
        <ConfigForm
          draft={draft}
          problems={problems}
          onChange={(change) => {
            setDraft((earlier) => ({ ...earlier, ...change }));
          }}
          volumeNames={useVolumeNames()}
          root={sandbox.root}
          machine={machine}
          networkTest={networkTest}
          isMade
        >
          <p className="form-note">
            <Trans
              t={t}
              i18nKey="edit.stays"
              components={{ image: <span className="mono">{before.image}</span> }}
            />
          </p>
        </ConfigForm>
        <section className="create-summary card" aria-labelledby="edit-changes">
          <h2 id="edit-changes">{t('edit.changes')}</h2>
          <ChangeList changes={changes} />
          {problems.length > 0 && <p className="quiet">{t('edit.correct')}</p>}
          {error !== undefined && <ErrorNotice {...describeError(error)} />}
          <div className="form-rows-actions">
            <Button
              type="submit"
              variant="primary"
              disabled={isSaving || changes.length === 0 || problems.length > 0 || isImpossible}
            >
              {t('edit.save')}
            </Button>
            <Button variant="plain" onClick={onDone}>
              {translate('ui:cancel')}
            </Button>
          </div>
        </section>
      </form>
    </Page>
  );
}

function ChangeList({ changes }: { readonly changes: readonly ConfigChange[] }) {
  const { t } = useTranslation('create');
  if (changes.length === 0) return <p className="quiet">{t('edit.nothing')}</p>;
  return (
    <ul className="change-list">
      {changes.map(({ field, effect, reason }) => (
        <li key={field}>
          <span className="mono">{fileFieldOf(field)}</span>{' '}
          <span className="quiet">
            {reason === undefined ? t(`edit.${effects[effect]}`) : inLanguage(reason)}
          </span>
        </li>
      ))}
    </ul>
  );
}
