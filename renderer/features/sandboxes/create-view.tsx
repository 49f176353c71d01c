import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { parseCreateRequest } from '../../../main/contract/config/parse-config.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { Preset } from '../../../main/contract/preset.ts';
import { describeError, toErrorData } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/page.tsx';
import { inLanguage } from '../../words/language.ts';
import { checkDraft, requestOfDraft } from './check-draft.ts';
import { draftOf } from './create-draft.ts';
import { createFormStore, editDraft, resetDraft, suggestDraft } from './create-form-store.ts';
import { CreateSummary } from './create-summary.tsx';
import { ConfigFileButtons } from './form/config-file-buttons.tsx';
import { ConfigForm } from './form/config-form.tsx';
import type { NetworkTestComponent } from './form/network-section.tsx';
import type { ImageFieldComponent } from './form/source-section.tsx';
import { PresetChips } from './form/preset-chips.tsx';
import { useConfigReport } from './form/use-config-report.ts';
import { useVolumeNames } from './form/use-volume-names.ts';
import { createSandbox } from './sandbox-actions.ts';
import { sandboxStore } from './sandbox-store.ts';
import './create-view.css';

/** Props of {@link CreateView}. */
export interface CreateViewProps {
  readonly imageField: ImageFieldComponent;
  /** From a link; it replaces what was chosen before. */
  readonly chosenImage: string | undefined;
  /** Undefined while the machine is not known. */
  readonly machine: { readonly cpus: number; readonly memoryMiB: number } | undefined;
  readonly networkTest: NetworkTestComponent;
  readonly onCreated: (operation: Operation) => void;
}

/** The form of a new sandbox: one page, checked by the engine's own schema as one types. */
export function CreateView(props: CreateViewProps) {
  const { t } = useTranslation('create');
  const { imageField, chosenImage, machine, networkTest, onCreated } = props;
  const { connection } = useBridge();
  const form = useRef<HTMLFormElement>(null);
  const { draft, error, isSubmitting } = useStore(createFormStore);
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  const takenNames = sandboxes.map(({ name }) => name);
  const { config, problems: own } = checkDraft(draft, {
    takenNames,
    hostMemoryMiB: machine?.memoryMiB,
  });
  const report = useConfigReport(config === undefined ? undefined : requestOfDraft(draft));
  const problems = [...own, ...(report?.problems ?? [])];

  useEffect(() => {
    if (chosenImage !== undefined) editDraft({ sourceKind: 'image', image: chosenImage });
  }, [chosenImage]);
  const isConnected = useIsConnected();
  useEffect(() => {
    if (!isConnected || createFormStore.getState().draft.name !== '') return;
    void suggestDraft(connection.client);
  }, [connection, isConnected]);

  const submit = async () => {
    if (config === undefined || problems.length > 0) {
      // What is wrong may be in a part that is folded.
      for (const part of form.current?.querySelectorAll('details.form-section') ?? []) {
        if (part.querySelector('.form-section-problem') !== null) part.setAttribute('open', '');
      }
      requestAnimationFrame(() => {
        form.current?.querySelector<HTMLElement>('.input[data-invalid]')?.focus();
      });
      return;
    }
    createFormStore.setState({ isSubmitting: true, error: undefined });
    const request = { ...config, replace: draft.replace };
    const result = await createSandbox(connection.client, request);
    createFormStore.setState({ isSubmitting: false });
    if (result.ok) {
      resetDraft();
      onCreated(result.operation);
    } else {
      createFormStore.setState({ error: result.error });
    }
  };

  const choosePreset = (preset: Preset) => {
    const { request, problems: wrong } = parseCreateRequest({
      image: 'skerry/starter',
      ...preset.request,
      name: draft.name === '' ? 'sandbox' : draft.name,
    });
    if (request === undefined) {
      const words = wrong.map((one) => inLanguage(one.message)).join(' ');
      const message = t('presetUnusable', { name: preset.name, problems: words });
      createFormStore.setState({ error: toErrorData(new Error(message)) });
      return;
    }
    const { replace: _ofTheRequest, ...chosen } = request;
    resetDraft({ ...draftOf(chosen), name: draft.name });
  };

  return (
    <Page title={<h1>{t('title')}</h1>}>
      <form
        ref={form}
        className="create"
        aria-label={t('title')}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSubmitting) void submit();
        }}
      >
        <ConfigForm
          draft={draft}
          problems={problems}
          onChange={editDraft}
          imageField={imageField}
          volumeNames={useVolumeNames()}
          root={report?.root}
          machine={machine}
          networkTest={networkTest}
          isNameTaken={takenNames.includes(draft.name)}
          onSuggestName={() => {
            void suggestDraft(connection.client, true);
          }}
        >
          <PresetChips onChoose={choosePreset} config={config} />
        </ConfigForm>
        <CreateSummary
          config={config}
          notes={report?.notes ?? []}
          problems={problems}
          submitLabel={isSubmitting ? t('submitting') : t('submit')}
          isSubmitting={isSubmitting}
        >
          <ConfigFileButtons
            config={config}
            onImport={(imported) => {
              resetDraft(draftOf(imported));
            }}
          />
          {error !== undefined && <ErrorNotice {...describeError(error)} />}
        </CreateSummary>
      </form>
    </Page>
  );
}
