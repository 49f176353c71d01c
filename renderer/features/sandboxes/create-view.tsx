import { RefreshCw } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Operation } from '../../../main/contract/operation.ts';
import { sandboxLimits } from '../../../main/contract/sandbox-config.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { AmountField } from '../../ui/amount-field.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { formatMiB, plural } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { SuggestField } from '../../ui/suggest-field.tsx';
import type { Suggestion } from '../../ui/suggestions.ts';
import { AdvancedFields, advancedFields } from './advanced-fields.tsx';
import { checkDraft, type DraftProblems } from './create-draft.ts';
import { createFormStore, editDraft, resetDraft, suggestDraft } from './create-form-store.ts';
import { CreateSummary } from './create-summary.tsx';
import { createSandbox } from './sandbox-actions.ts';
import { sandboxStore } from './sandbox-store.ts';
import './create-view.css';

/** Props of {@link CreateView}. */
export interface CreateViewProps {
  /** What is in the store. */
  readonly images: readonly Suggestion[];
  /** From a link; it replaces what was chosen before. */
  readonly chosenImage: string | undefined;
  /** Undefined while the machine is not known. */
  readonly machine: { readonly cpus: number; readonly memoryMiB: number } | undefined;
  readonly onCreated: (operation: Operation) => void;
}

/** The form of a new sandbox: one page, checked by the engine's own schema as one types. */
export function CreateView({ images, chosenImage, machine, onCreated }: CreateViewProps) {
  const { connection } = useBridge();
  const form = useRef<HTMLFormElement>(null);
  const { draft, error, isSubmitting } = useStore(createFormStore);
  const sandboxes = useStore(sandboxStore, (state) => state.sandboxes);
  const [isAdvancedOpen, setIsAdvancedOpen] = useState(false);
  const { config, problems } = checkDraft(draft, {
    takenNames: sandboxes.map(({ name }) => name),
    hostMemoryMiB: machine?.memoryMiB,
  });

  useEffect(() => {
    if (chosenImage !== undefined) editDraft({ image: chosenImage });
  }, [chosenImage]);
  useEffect(() => {
    if (createFormStore.getState().draft.name === '') void suggestDraft(connection.client);
  }, [connection]);

  const submit = async () => {
    if (config === undefined) {
      if (advancedFields.some((field) => field in problems)) setIsAdvancedOpen(true);
      requestAnimationFrame(() => {
        form.current?.querySelector<HTMLElement>('.input[data-invalid]')?.focus();
      });
      return;
    }
    createFormStore.setState({ isSubmitting: true, error: undefined });
    const result = await createSandbox(connection.client, config);
    createFormStore.setState({ isSubmitting: false });
    if (result.ok) {
      resetDraft();
      onCreated(result.operation);
    } else {
      createFormStore.setState({ error: result.error });
    }
  };

  return (
    <Page title={<h1>New sandbox</h1>}>
      <form
        ref={form}
        className="create"
        aria-label="New sandbox"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSubmitting) void submit();
        }}
      >
        <div className="create-fields">
          <ImageField images={images} value={draft.image} problem={problems.image} />
          <TextField
            label="Name"
            value={draft.name}
            mono
            onChange={(name) => {
              editDraft({ name });
            }}
            error={problems.name}
            help="Free. It is also the host name inside."
            after={
              <IconButton
                icon={RefreshCw}
                label="Suggest another name"
                onClick={() => {
                  void suggestDraft(connection.client);
                }}
              />
            }
          />
          <Amounts problems={problems} machine={machine} />
          <p className="create-network quiet">
            Network: none. In this version a sandbox reaches nothing and nothing reaches it; its
            terminal does not need one.
          </p>
          <AdvancedFields
            draft={draft}
            problems={problems}
            isOpen={isAdvancedOpen}
            onOpenChange={setIsAdvancedOpen}
          />
        </div>
        <CreateSummary draft={draft} config={config} isSubmitting={isSubmitting}>
          {error !== undefined && <ErrorNotice {...describeError(error)} />}
        </CreateSummary>
      </form>
    </Page>
  );
}

function ImageField(props: {
  readonly images: readonly Suggestion[];
  readonly value: string;
  readonly problem: string | undefined;
}) {
  const { images, value, problem } = props;
  const isStored = images.some((image) => image.value === value);
  const help: ReactNode = isStored
    ? 'In store: nothing is downloaded.'
    : 'Not in store: it is pulled from its registry first.';
  return (
    <SuggestField
      label="Image"
      value={value}
      onChange={(image) => {
        editDraft({ image: image.trim() });
      }}
      suggestions={images}
      showAllLabel="Show images in the store"
      placeholder="debian:bookworm"
      error={problem}
      help={help}
    />
  );
}

function Amounts(props: {
  readonly problems: DraftProblems;
  readonly machine: CreateViewProps['machine'];
}) {
  const { problems, machine } = props;
  const draft = useStore(createFormStore, (state) => state.draft);
  const { cpus, memoryMiB } = sandboxLimits;
  return (
    <>
      <AmountField
        label="CPUs"
        value={draft.cpus}
        onChange={(value) => {
          editDraft({ cpus: value });
        }}
        min={cpus.min}
        max={Math.max(2, machine?.cpus ?? 8)}
        step={1}
        error={problems.cpus}
        help={machine && `This machine has ${plural(machine.cpus, 'CPU')}.`}
      />
      <AmountField
        label="Memory"
        unit="MiB"
        value={draft.memoryMiB}
        onChange={(value) => {
          editDraft({ memoryMiB: value });
        }}
        min={memoryMiB.min}
        max={sliderEnd(machine?.memoryMiB ?? 8192)}
        step={128}
        error={problems.memoryMiB}
        help={machine && `This machine has ${formatMiB(machine.memoryMiB)}.`}
      />
    </>
  );
}

/** The slider stops at half the machine, on a whole step; what is more can be typed. */
function sliderEnd(hostMiB: number): number {
  return Math.max(512, Math.floor(hostMiB / 2 / 128) * 128);
}
