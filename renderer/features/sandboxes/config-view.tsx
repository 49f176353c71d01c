import { Download, Pencil } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatCommandLine } from '../../../main/contract/config/command-line.ts';
import { changeEffects, type ChangeEffect } from '../../../main/contract/config/config-changes.ts';
import { formatConfigYaml } from '../../../main/contract/config/config-text.ts';
import { fileFieldOf } from '../../../main/contract/config/file-fields.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { Button } from '../../ui/button.tsx';
import { CopyBlock } from '../../ui/copy-block.tsx';
import { saveText } from '../../ui/save-text.ts';
import './config-view.css';

const effects: readonly ChangeEffect[] = ['now', 'next-start', 'new-sandbox'];

/** The configuration of a sandbox, as a file and as a command line; and when a change of it applies. */
export function ConfigView(props: { readonly sandbox: Sandbox; readonly editHref: string }) {
  const { sandbox, editHref } = props;
  const { name, config } = sandbox;
  const { t } = useTranslation('sandboxes');
  const yaml = formatConfigYaml(config);
  return (
    <section className="section config-view" aria-label={t('config.title')}>
      <div className="config-actions">
        <a className="button button-primary" href={editHref}>
          <Pencil className="icon" aria-hidden />
          {t('config.edit')}
        </a>
        <Button
          icon={Download}
          onClick={() => {
            saveText(`${name}.yaml`, yaml);
          }}
        >
          {t('config.export')}
        </Button>
      </div>
      <div className="config-columns">
        <section className="section" aria-labelledby="config-yaml">
          <h2 id="config-yaml">{t('config.yaml')}</h2>
          <CopyBlock text={yaml} what={t('copy.yaml')} />
        </section>
        <div className="config-side">
          <section className="section" aria-labelledby="config-line">
            <h2 id="config-line">{t('config.commandLine')}</h2>
            <CopyBlock text={formatCommandLine(config)} what={t('copy.commandLine')} />
          </section>
          <section className="section" aria-labelledby="config-effects">
            <h2 id="config-effects">{t('config.effects')}</h2>
            <dl className="config-effects">
              {effects.map((effect) => (
                <div key={effect}>
                  <dt>{t(`config.effect.${effect}`)}</dt>
                  <dd className="mono">
                    {Object.entries(changeEffects)
                      .filter(([, of]) => of === effect)
                      .map(([field]) => fileFieldOf(field))
                      .join(', ')}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        </div>
      </div>
    </section>
  );
}
