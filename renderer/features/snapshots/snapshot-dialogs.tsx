import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { maxBranches, type Snapshot } from '../../../main/contract/snapshot.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useCall } from '../../bridge/use-call.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { memoryOfSandbox, memoryOfSnapshot, type MemoryOffer } from './memory-of.ts';
import {
  problemOfBranchNames,
  problemOfSnapshotName,
  proposeBranchNames,
  proposeSnapshotName,
} from './snapshot-names.ts';
import { snapshotStore } from './snapshot-store.ts';
import './snapshot-dialogs.css';

/** Asks for the name of a snapshot of a sandbox, and whether its memory is kept too. */
export function TakeSnapshotDialog(props: {
  readonly sandbox: Sandbox;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('snapshots');
  const { sandbox, onClose } = props;
  const { client } = useBridge().connection;
  const taken = useNamesOf(sandbox.id);
  const [name, setName] = useState(() => proposeSnapshotName(taken, new Date()));
  const [wantsMemory, setWantsMemory] = useState(true);
  const memory = memoryOfSandbox(sandbox);
  const problem = problemOfSnapshotName(name, taken);
  const call = useCall();
  return (
    <FormDialog
      title={t('take.title', { name: sandbox.name })}
      submitLabel={t('take.submit')}
      isDisabled={problem !== undefined}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        const withMemory = memory.isPossible && wantsMemory;
        void call
          .run(() => client.snapshots.create({ name: sandbox.name, as: name, withMemory }))
          .then((isBegun) => {
            if (isBegun) onClose();
          });
      }}
    >
      <TextField label={t('take.name')} value={name} onChange={setName} error={problem} />
      <MemoryField
        label={t('memory.keep')}
        help={t('memory.keepHelp')}
        offer={memory}
        isWanted={wantsMemory}
        onChange={setWantsMemory}
      />
      {call.error !== undefined && <ErrorNotice {...describeError(call.error)} />}
    </FormDialog>
  );
}

/** Asks how many sandboxes go on from a snapshot, or from a sandbox as it is now, and their names. */
export function BranchDialog(props: {
  readonly sandbox: Sandbox;
  /** Absent: from the sandbox as it is now. */
  readonly snapshot?: Snapshot | undefined;
  readonly takenNames: readonly string[];
  readonly onStarted: (operation: Operation) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('snapshots');
  const { sandbox, snapshot, takenNames, onStarted, onClose } = props;
  const { client } = useBridge().connection;
  const propose = (count: number) => proposeBranchNames(sandbox.name, count, takenNames);
  const [count, setCount] = useState('1');
  const [text, setText] = useState(() => propose(1).join('\n'));
  const [wantsMemory, setWantsMemory] = useState(true);
  const typed = linesOf(text);
  // One is wanted at least; its name is what is missing then.
  const names = typed.length === 0 ? [''] : typed;
  const memory = snapshot === undefined ? memoryOfSandbox(sandbox) : memoryOfSnapshot(snapshot);
  const tooMany = names.length > maxBranches;
  const problem = tooMany
    ? t('branch.tooMany', { count: maxBranches })
    : problemOfBranchNames(names, takenNames);
  const call = useCall();
  return (
    <FormDialog
      title={
        snapshot === undefined
          ? t('branch.title', { name: sandbox.name })
          : t('branch.titleOf', { name: snapshot.name })
      }
      submitLabel={t('branch.submit', { count: names.length })}
      isDisabled={problem !== undefined}
      isBusy={call.isBusy}
      onClose={onClose}
      onSubmit={() => {
        const request = {
          from: snapshot === undefined ? { sandbox: sandbox.name } : { id: snapshot.id },
          as: names,
          withMemory: memory.isPossible && wantsMemory,
        };
        void call
          .run(async () => {
            onStarted(await client.snapshots.branch(request));
          })
          .then((isBegun) => {
            if (isBegun) onClose();
          });
      }}
    >
      <p className="quiet">{t('branch.what')}</p>
      <AmountField
        label={t('branch.count')}
        value={count}
        min={1}
        max={maxBranches}
        step={1}
        onChange={(value) => {
          setCount(value);
          const wanted = Number(value);
          if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > maxBranches) return;
          // Names that were typed stay as far as there is room for them.
          const more = propose(maxBranches).filter((one) => !typed.includes(one));
          setText([...typed, ...more].slice(0, wanted).join('\n'));
        }}
      />
      <TextField
        label={t('branch.names')}
        help={t('branch.namesHelp')}
        value={text}
        mono
        multiline
        rows={Math.min(8, Math.max(2, names.length))}
        onChange={(value) => {
          setText(value);
          setCount(String(Math.max(1, linesOf(value).length)));
        }}
        error={problem}
      />
      <MemoryField
        label={t('memory.goOn')}
        help={t('memory.goOnHelp')}
        offer={memory}
        isWanted={wantsMemory}
        onChange={setWantsMemory}
      />
      {call.error !== undefined && <ErrorNotice {...describeError(call.error)} />}
    </FormDialog>
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Whether the memory is wanted; where there is none to be had, why. */
export function MemoryField(props: {
  readonly label: string;
  readonly help: string;
  readonly offer: MemoryOffer;
  readonly isWanted: boolean;
  readonly onChange: (isWanted: boolean) => void;
}) {
  const { t } = useTranslation('snapshots');
  const { label, help, offer, isWanted, onChange } = props;
  if (!offer.isPossible) {
    return (
      <p className="quiet memory-refused">
        {t('memory.diskAlone')} {offer.reason}
      </p>
    );
  }
  return <CheckField label={label} isChecked={isWanted} onChange={onChange} help={help} />;
}

/** Names of the snapshots of a sandbox. */
export function useNamesOf(sandboxId: string): readonly string[] {
  const snapshots = useStore(snapshotStore, (state) => state.snapshots);
  return snapshots.filter(({ sandbox }) => sandbox.id === sandboxId).map(({ name }) => name);
}
