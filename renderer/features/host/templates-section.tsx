import { Trash2 } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Template } from '../../../main/contract/template.ts';
import { describeError } from '../../bridge/bridge-error.ts';
import { useBridge } from '../../bridge/bridge-context.tsx';
import { useIsConnected } from '../../bridge/use-is-connected.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes, formatMiB } from '../../ui/format.ts';
import { Ago } from '../../ui/time.tsx';
import { clearTemplates, loadTemplates, templateStore } from './template-store.ts';

/** The machines that are kept booted: which, what they take and what they are good for. */
export function TemplatesSection() {
  const { t } = useTranslation('host');
  const { client } = useBridge().connection;
  const isConnected = useIsConnected();
  const { templates, error, isClearing } = useStore(templateStore);
  useEffect(() => {
    if (isConnected) void loadTemplates(client);
  }, [client, isConnected]);
  return (
    <section className="section" aria-label={t('templates.title')}>
      <div className="card-head">
        <h2>{t('templates.title')}</h2>
        {templates !== undefined && templates.length > 0 && (
          <Button icon={Trash2} disabled={isClearing} onClick={() => void clearTemplates(client)}>
            {t('templates.clear')}
          </Button>
        )}
      </div>
      <p className="quiet">{templates?.length === 0 ? t('templates.none') : t('templates.what')}</p>
      {error !== undefined && <ErrorNotice {...describeError(error)} />}
      {templates !== undefined && templates.length > 0 && <TemplateTable templates={templates} />}
    </section>
  );
}

function TemplateTable({ templates }: { readonly templates: readonly Template[] }) {
  const { t } = useTranslation('host');
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('templates.shape')}</th>
            <th scope="col">{t('templates.kernel')}</th>
            <th scope="col">{t('templates.size')}</th>
            <th scope="col">{t('templates.place')}</th>
            <th scope="col">{t('templates.uses')}</th>
            <th scope="col">{t('templates.used')}</th>
          </tr>
        </thead>
        <tbody>
          {templates.map((template) => (
            <tr key={template.key}>
              <td>
                {t('templates.cpus', { count: template.cpus })}, {formatMiB(template.memoryMiB)},{' '}
                {t(`accelerators.${template.accelerator}`)}
              </td>
              <td className="mono">{template.kernelRelease}</td>
              <td>{formatBytes(template.bytes)}</td>
              <td>{t(`templates.places.${template.place}`)}</td>
              <td>{template.useCount}</td>
              <td>
                <Ago atMs={template.usedAtMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
