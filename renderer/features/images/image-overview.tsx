import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImageDetails } from '../../../main/contract/image.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Facts } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import { translate } from '../../words/language.ts';
import type { ImageLinks } from './image-links.ts';
import { formatArguments } from './image-words.ts';

/** What it is, and how a program of it is started. */
export function ImageOverview(props: {
  readonly details: ImageDetails;
  readonly links: ImageLinks;
}) {
  const { t } = useTranslation('images');
  const { details, links } = props;
  const { config } = details;
  const labels = Object.entries(config.labels);
  return (
    <>
      <section className="section" aria-label={t('overview.identity')}>
        <h2>{t('overview.identity')}</h2>
        <Facts
          facts={[
            fact(t('overview.digest'), details.digest, t('overview.copy.digest')),
            fact(t('overview.configDigest'), details.configDigest, t('overview.copy.configDigest')),
            fact(t('overview.mediaType'), details.mediaType, t('overview.copy.mediaType')),
            { label: t('overview.platform'), value: details.platform },
            ...(details.platforms.length > 1
              ? [{ label: t('overview.publishedFor'), value: details.platforms.join(', ') }]
              : []),
            {
              label: t('overview.size'),
              value: t('overview.sizes', {
                unpacked: formatBytes(details.diskBytes),
                compressed: formatBytes(details.downloadBytes),
              }),
            },
            ...(details.createdAtMs === undefined
              ? []
              : [{ label: t('overview.made'), value: <Ago atMs={details.createdAtMs} /> }]),
            { label: t('overview.pulled'), value: <Ago atMs={details.pulledAtMs} /> },
            ...(details.author === undefined
              ? []
              : [fact(t('overview.author'), details.author, t('overview.copy.author'))]),
            ...(details.otherReferences.length === 0
              ? []
              : [
                  {
                    label: t('overview.alsoCalled'),
                    value: details.otherReferences.map((reference) => (
                      <div key={reference}>
                        <a className="mono" href={links.image(reference)}>
                          {reference}
                        </a>
                      </div>
                    )),
                  },
                ]),
          ]}
        />
      </section>
      <section className="section" aria-label={t('overview.configuration')}>
        <h2>{t('overview.configuration')}</h2>
        <Facts
          facts={[
            fact(
              t('overview.entrypoint'),
              formatArguments(config.entrypoint),
              t('overview.copy.entrypoint'),
            ),
            fact(t('overview.command'), formatArguments(config.cmd), t('overview.copy.command')),
            fact(t('overview.user'), config.user ?? 'root', t('overview.copy.user')),
            fact(t('overview.directory'), config.workdir ?? '/', t('overview.copy.directory')),
            list(t('overview.ports'), config.exposedPorts, (value) =>
              t('overview.copy.port', { value }),
            ),
            list(t('overview.volumes'), config.volumes, (value) =>
              t('overview.copy.volume', { value }),
            ),
            ...(config.stopSignal === undefined
              ? []
              : [fact(t('overview.stopSignal'), config.stopSignal, t('overview.copy.stopSignal'))]),
          ]}
        />
      </section>
      <Lines
        title={t('overview.environment')}
        what={(name) => t('overview.copy.variable', { name })}
        lines={config.env}
      />
      <Lines
        title={t('overview.labels')}
        what={(name) => t('overview.copy.label', { name })}
        lines={labels.map(([name, value]) => `${name}=${value}`)}
      />
    </>
  );
}

interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

function fact(label: string, value: string, what: string): Fact {
  const isUnset = value === '';
  return {
    label,
    value: isUnset ? (
      <span className="quiet">{translate('images:overview.none')}</span>
    ) : (
      <Copyable value={value} what={what} />
    ),
  };
}

function list(label: string, values: readonly string[], what: (value: string) => string): Fact {
  if (values.length === 0) return fact(label, '', '');
  const each = values.map((value) => (
    <span key={value} className="image-value">
      <Copyable value={value} what={what(value)} />
    </span>
  ));
  return { label, value: each };
}

function Lines(props: {
  readonly title: string;
  /** What a line is called, by the name in it. */
  readonly what: (name: string) => string;
  readonly lines: readonly string[];
}) {
  const { t } = useTranslation('images');
  const { title, what, lines } = props;
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      {lines.length === 0 ? (
        <p className="quiet">{t('overview.noLines')}</p>
      ) : (
        <ul className="image-lines">
          {lines.map((line) => (
            <li key={line}>
              <Copyable value={line} what={what(line.split('=')[0] ?? '')} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
