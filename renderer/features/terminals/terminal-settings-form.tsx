import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { maxEmulatorLength } from '../../../main/contract/system-terminal.ts';
import { AmountField } from '../../ui/amount-field.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import {
  defaultTerminalSettings,
  terminalSettingRanges,
  terminalSettingsStore,
  type TerminalSettings,
} from './terminal-settings.ts';
import './terminal-settings-form.css';

const Preview = lazy(async () => {
  const { TerminalPreview: component } = await import('./view/terminal-preview.tsx');
  return { default: component };
});

function set(change: Partial<TerminalSettings>): void {
  terminalSettingsStore.setState(change);
}

/** How terminals look and behave, each change at once, and beside it how that is. */
export function TerminalSettingsForm() {
  const { t } = useTranslation('terminals');
  const settings = useStore(terminalSettingsStore);
  return (
    <div className="terminal-settings">
      <div className="terminal-settings-fields">
        <TextField
          label={t('settings.font')}
          help={t('settings.fontHelp')}
          value={settings.fontFamily}
          mono
          onChange={(fontFamily) => {
            set({ fontFamily: fontFamily.slice(0, 200) });
          }}
        />
        <NumberField name="fontSizePx" label={t('settings.size')} unit="px" />
        <NumberField name="lineHeight" label={t('settings.lineHeight')} unit="" />
        <SelectField
          label={t('settings.palette')}
          value={settings.palette}
          options={[
            { value: 'window', label: t('settings.paletteWindow') },
            { value: 'light', label: t('settings.paletteLight') },
            { value: 'dark', label: t('settings.paletteDark') },
            { value: 'contrast-light', label: t('settings.paletteContrastLight') },
            { value: 'contrast-dark', label: t('settings.paletteContrastDark') },
            { value: 'solarized-light', label: t('settings.paletteSolarizedLight') },
            { value: 'solarized-dark', label: t('settings.paletteSolarizedDark') },
          ]}
          onChange={(palette) => {
            set({ palette });
          }}
        />
        <SelectField
          label={t('settings.cursor')}
          value={settings.cursorStyle}
          options={[
            { value: 'block', label: t('settings.cursorBlock') },
            { value: 'bar', label: t('settings.cursorBar') },
            { value: 'underline', label: t('settings.cursorUnderline') },
          ]}
          onChange={(cursorStyle) => {
            set({ cursorStyle });
          }}
        />
        <NumberField
          name="scrollbackLines"
          label={t('settings.scrollback')}
          unit={t('settings.lines')}
        />
        <SelectField
          label={t('settings.clipboardWrites')}
          help={t('settings.clipboardHelp')}
          value={settings.clipboardWrites}
          options={[
            { value: 'ask', label: t('settings.clipboardAsk') },
            { value: 'allow', label: t('settings.clipboardAllow') },
            { value: 'deny', label: t('settings.clipboardDeny') },
          ]}
          onChange={(clipboardWrites) => {
            set({ clipboardWrites });
          }}
        />
        <SelectField
          label={t('settings.bell')}
          value={settings.bell}
          options={[
            { value: 'none', label: t('settings.bellNone') },
            { value: 'visual', label: t('settings.bellVisual') },
          ]}
          onChange={(bell) => {
            set({ bell });
          }}
        />
        <TextField
          label={t('settings.systemTerminal')}
          help={t('settings.systemTerminalHelp')}
          value={settings.systemTerminal}
          mono
          onChange={(systemTerminal) => {
            set({ systemTerminal: systemTerminal.slice(0, maxEmulatorLength) });
          }}
        />
        <CheckField
          label={t('settings.blink')}
          isChecked={settings.isCursorBlinking}
          onChange={(isCursorBlinking) => {
            set({ isCursorBlinking });
          }}
        />
        <CheckField
          label={t('settings.warnsOfPaste')}
          isChecked={settings.warnsOfPaste}
          onChange={(warnsOfPaste) => {
            set({ warnsOfPaste });
          }}
        />
        <CheckField
          label={t('settings.copiesOnSelect')}
          isChecked={settings.copiesOnSelect}
          onChange={(copiesOnSelect) => {
            set({ copiesOnSelect });
          }}
        />
        <CheckField
          label={t('settings.copiesWithCtrlC')}
          isChecked={settings.copiesWithCtrlC}
          onChange={(copiesWithCtrlC) => {
            set({ copiesWithCtrlC });
          }}
        />
      </div>
      <div className="terminal-settings-preview">
        <h3>{t('settings.preview')}</h3>
        <Suspense>
          <Preview />
        </Suspense>
        <Button
          onClick={() => {
            set(defaultTerminalSettings);
          }}
        >
          {t('settings.reset')}
        </Button>
      </div>
    </div>
  );
}

/** A number, set as soon as what is typed is one in the range. */
function NumberField(props: {
  readonly name: keyof typeof terminalSettingRanges;
  readonly label: string;
  readonly unit: string;
}) {
  const { name, label, unit } = props;
  const { t } = useTranslation('terminals');
  const value = useStore(terminalSettingsStore, (state) => state[name]);
  const [typed, setTyped] = useState<string>();
  const range = terminalSettingRanges[name];
  const accept = (text: string): number | undefined => {
    const number = Number(text);
    const isWhole = name === 'lineHeight' || Number.isInteger(number);
    const isIn = text.trim() !== '' && number >= range.min && number <= range.max;
    return isIn && isWhole ? number : undefined;
  };
  const isWrong = typed !== undefined && accept(typed) === undefined;
  return (
    <AmountField
      label={label}
      unit={unit}
      {...range}
      value={isWrong ? typed : String(value)}
      error={isWrong ? t('settings.outOfRange', { min: range.min, max: range.max }) : undefined}
      onChange={(text) => {
        const number = accept(text);
        setTyped(number === undefined ? text : undefined);
        if (number !== undefined) set({ [name]: number });
      }}
    />
  );
}
