import type { ReactNode } from 'react';
import type { ImageDetails } from '../../../main/contract/image.ts';
import { Copyable } from '../../ui/copy.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Facts } from '../../ui/page.tsx';
import { Ago } from '../../ui/time.tsx';
import type { ImageLinks } from './image-links.ts';
import { formatArguments } from './image-words.ts';

/** What it is, and how a program of it is started. */
export function ImageOverview(props: {
  readonly details: ImageDetails;
  readonly links: ImageLinks;
}) {
  const { details, links } = props;
  const { config } = details;
  const labels = Object.entries(config.labels);
  return (
    <>
      <section className="section" aria-label="Identity">
        <h2>Identity</h2>
        <Facts
          facts={[
            fact('Digest', details.digest, 'digest'),
            fact('Configuration', details.configDigest, 'digest of the configuration'),
            fact('Media type', details.mediaType, 'media type'),
            { label: 'Platform', value: details.platform },
            ...(details.platforms.length > 1
              ? [{ label: 'Published for', value: details.platforms.join(', ') }]
              : []),
            {
              label: 'Size',
              value: `${formatBytes(details.diskBytes)} unpacked, ${formatBytes(details.downloadBytes)} compressed`,
            },
            ...(details.createdAtMs === undefined
              ? []
              : [{ label: 'Made', value: <Ago atMs={details.createdAtMs} /> }]),
            { label: 'Pulled', value: <Ago atMs={details.pulledAtMs} /> },
            ...(details.author === undefined ? [] : [fact('Author', details.author, 'author')]),
            ...(details.otherReferences.length === 0
              ? []
              : [
                  {
                    label: 'Also called',
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
      <section className="section" aria-label="Configuration">
        <h2>Configuration</h2>
        <Facts
          facts={[
            fact('Entrypoint', formatArguments(config.entrypoint), 'entrypoint'),
            fact('Command', formatArguments(config.cmd), 'command'),
            fact('User', config.user ?? 'root', 'user'),
            fact('Directory', config.workdir ?? '/', 'working directory'),
            list('Ports', config.exposedPorts, 'port'),
            list('Volumes', config.volumes, 'volume'),
            ...(config.stopSignal === undefined
              ? []
              : [fact('Stop signal', config.stopSignal, 'stop signal')]),
          ]}
        />
      </section>
      <Lines title="Environment" what="variable" lines={config.env} />
      <Lines
        title="Labels"
        what="label"
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
    value: isUnset ? <span className="quiet">none</span> : <Copyable value={value} what={what} />,
  };
}

function list(label: string, values: readonly string[], what: string): Fact {
  if (values.length === 0) return fact(label, '', what);
  const each = values.map((value) => (
    <span key={value} className="image-value">
      <Copyable value={value} what={`${what} ${value}`} />
    </span>
  ));
  return { label, value: each };
}

function Lines(props: {
  readonly title: string;
  readonly what: string;
  readonly lines: readonly string[];
}) {
  const { title, what, lines } = props;
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      {lines.length === 0 ? (
        <p className="quiet">None.</p>
      ) : (
        <ul className="image-lines">
          {lines.map((line) => (
            <li key={line}>
              <Copyable value={line} what={`${what} ${line.split('=')[0] ?? ''}`} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
