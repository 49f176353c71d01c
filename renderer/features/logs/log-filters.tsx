import { useTranslation } from 'react-i18next';
import { CheckField } from '../../ui/check-field.tsx';
import { Chips } from '../../ui/chips.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useStore } from 'zustand';
import type { LogFilter } from './log-filter.ts';
import { logSettings } from './log-settings.ts';
import { TimeField } from './time-field.tsx';

const sources = ['all', 'console', 'agent', 'command'] as const;
const streams = ['all', 'stdout', 'stderr'] as const;
const ranges = ['all', 'minutes', 'hour', 'start', 'custom'] as const;
const times = ['clock', 'offset', 'none'] as const;

/** Which lines are shown, and how. */
export function LogFilters(props: {
  readonly filter: LogFilter;
  readonly onChange: (change: Partial<LogFilter>) => void;
}) {
  const { filter, onChange } = props;
  const { t } = useTranslation('logs');
  const settings = useStore(logSettings);
  const hasStreams = filter.source === 'all' || filter.source === 'command';
  return (
    <div className="log-filters">
      <Chips
        label={t('source')}
        value={filter.source}
        choices={sources.map((value) => ({ value, label: t(`sources.${value}`) }))}
        onChange={(source) => {
          onChange({ source });
        }}
      />
      {hasStreams && (
        <SelectField
          label={t('stream')}
          isLabelHidden
          value={filter.stream}
          options={streams.map((value) => ({ value, label: t(`streams.${value}`) }))}
          onChange={(stream) => {
            onChange({ stream });
          }}
        />
      )}
      <SelectField
        label={t('range')}
        isLabelHidden
        value={filter.range}
        options={ranges.map((value) => ({ value, label: t(`ranges.${value}`) }))}
        onChange={(range) => {
          onChange({ range });
        }}
      />
      {filter.range === 'custom' && (
        <>
          <TimeField
            label={t('from')}
            value={filter.from}
            onChange={(from) => {
              onChange({ from });
            }}
          />
          <TimeField
            label={t('to')}
            value={filter.to}
            onChange={(to) => {
              onChange({ to });
            }}
          />
        </>
      )}
      <span className="log-filters-gap" />
      <SelectField
        label={t('times')}
        isLabelHidden
        value={settings.times}
        options={times.map((value) => ({ value, label: t(`timesOf.${value}`) }))}
        onChange={(chosen) => {
          logSettings.setState({ times: chosen });
        }}
      />
      <CheckField
        label={t('wrap')}
        isChecked={settings.isWrapped}
        onChange={(isWrapped) => {
          logSettings.setState({ isWrapped });
        }}
      />
    </div>
  );
}
