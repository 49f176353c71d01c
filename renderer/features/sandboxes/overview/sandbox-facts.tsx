import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../../main/contract/sandbox.ts';
import { Copyable, CopyIconButton } from '../../../ui/copy.tsx';
import { formatBytes, formatDuration, formatMiB, shortDigest } from '../../../ui/format.ts';
import { Facts } from '../../../ui/page.tsx';
import { Ago, CopyableTime } from '../../../ui/time.tsx';
import { describePolicy } from '../../../words/network-words.ts';
import { PortLink } from '../port-links.tsx';
import type { OverviewLinks } from './overview-links.ts';
import { VolumeFact } from './volume-fact.tsx';

interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

type Words = ReturnType<typeof useTranslation<'sandboxes'>>['t'];

/** All that is known of a sandbox, by what it is about; each value ready to copy. */
export function SandboxFacts(props: { readonly sandbox: Sandbox; readonly links: OverviewLinks }) {
  const { sandbox, links } = props;
  const { t } = useTranslation('sandboxes');
  const groups = [
    { title: t('groups.what'), facts: whatItIs(sandbox, t), href: links.config, to: t('toConfig') },
    {
      title: t('groups.resources'),
      facts: resources(sandbox, t),
      href: links.stats,
      to: t('toStats'),
    },
    {
      ...{ title: t('groups.network'), href: links.network, to: t('toNetwork') },
      facts: network(sandbox, links.network, t),
    },
    {
      title: t('groups.inside'),
      facts: inside(sandbox, t),
      href: links.commands,
      to: t('toCommands'),
    },
  ];
  return (
    <div className="overview-facts">
      {groups.map(({ title, facts, href, to }) => (
        <section key={title} className="section" aria-label={title}>
          <div className="card-head">
            <h2>{title}</h2>
            <a href={href}>{to}</a>
          </div>
          <Facts facts={facts} />
        </section>
      ))}
    </div>
  );
}

function whatItIs({ root, config, imageDigest, createdAtMs, id }: Sandbox, t: Words): Fact[] {
  const rootFacts = (): Fact[] => {
    if (root?.kind === 'directory') {
      return [
        {
          label: t('facts.directory'),
          value: <Copyable value={root.path} what={t('copy.root')} />,
        },
        {
          label: t('facts.changes'),
          value: config.root.access === 'ro' ? t('facts.changesApart') : t('facts.changesThere'),
        },
      ];
    }
    if (root?.kind === 'disk') {
      const fork = config.root.fork === true ? t('facts.forked') : '';
      return [
        {
          label: t('facts.diskImage'),
          value: <Copyable value={root.path} what={t('copy.disk')} />,
        },
        {
          label: t('facts.format'),
          value: (
            <Copyable
              value={root.format}
              shown={`${root.format}${fork}`}
              what={t('copy.diskFormat')}
            />
          ),
        },
      ];
    }
    return [
      { label: t('facts.image'), value: <Copyable value={config.image} what={t('copy.image')} /> },
    ];
  };
  return [
    ...rootFacts(),
    ...(imageDigest === undefined
      ? []
      : [
          {
            label: t('facts.digest'),
            value: (
              <Copyable
                value={imageDigest}
                shown={shortDigest(imageDigest)}
                what={t('copy.digest')}
              />
            ),
          },
        ]),
    ...Object.entries(config.labels).map(([key, value]) => ({
      label: t('facts.label'),
      value: <Copyable value={`${key}=${value}`} what={t('copy.label')} />,
    })),
    {
      label: t('facts.created'),
      value: <CopyableTime atMs={createdAtMs} what={t('copy.created')} />,
    },
    { label: t('facts.id'), value: <Copyable value={id} what={t('copy.id')} /> },
  ];
}

function resources(sandbox: Sandbox, t: Words): Fact[] {
  const { config, accelerator, vmPid, startedAtMs, bootMs, beganBy, suspended } = sandbox;
  const copied = (label: string, value: string, shown: string, what: string): Fact => ({
    label,
    value: <Copyable value={value} shown={shown} what={what} />,
  });
  const { cpus, memoryMiB, rootDiskMiB } = config;
  return [
    copied(t('facts.cpus'), String(cpus), t('cpus', { count: cpus }), t('copy.cpus')),
    copied(
      ...([t('facts.memory'), `${String(memoryMiB)} MiB`] as const),
      ...([formatMiB(memoryMiB), t('copy.memory')] as const),
    ),
    copied(
      ...([t('facts.disk'), `${String(rootDiskMiB)} MiB`] as const),
      ...([t('facts.sparse', { size: formatMiB(rootDiskMiB) }), t('copy.diskSize')] as const),
    ),
    ...(accelerator === undefined
      ? []
      : [
          {
            label: t('facts.accelerator'),
            value: (
              <Copyable value={t(`accelerators.${accelerator}`)} what={t('copy.accelerator')} />
            ),
          },
        ]),
    ...(startedAtMs === undefined
      ? []
      : [
          {
            label: t('facts.started'),
            value: <CopyableTime atMs={startedAtMs} what={t('copy.started')} />,
          },
        ]),
    ...(bootMs === undefined
      ? []
      : [
          copied(
            ...([t('facts.boot'), `${String(bootMs)} ms`] as const),
            beganBy === undefined
              ? formatDuration(bootMs)
              : t('facts.began', { time: formatDuration(bootMs), how: t(`beginnings.${beganBy}`) }),
            t('copy.boot'),
          ),
        ]),
    ...(suspended === undefined
      ? []
      : [
          {
            label: t('facts.suspended'),
            value: (
              <>
                <Ago atMs={suspended.atMs} />,{' '}
                {t('facts.suspendedMemory', { size: formatBytes(suspended.memoryBytes) })}
              </>
            ),
          },
        ]),
    ...(config.suspendAfterIdleMinutes === undefined
      ? []
      : [
          {
            label: t('facts.idle'),
            value: t('facts.idleAfter', {
              time: formatDuration(config.suspendAfterIdleMinutes * 60_000),
            }),
          },
        ]),
    ...(vmPid === undefined
      ? []
      : [
          {
            label: t('facts.process'),
            value: <Copyable value={String(vmPid)} what={t('copy.pid')} />,
          },
        ]),
  ];
}

function network({ config, network: link, state }: Sandbox, href: string, t: Words): Fact[] {
  const policy = describePolicy(config.network);
  return [
    {
      label: t('facts.network'),
      value: (
        <>
          <span className="copyable">
            <a href={href}>{policy}</a>
            <CopyIconButton text={policy} what={t('copy.network')} />
          </span>
          {state === 'running' && link === 'down' && (
            <span className="quiet">{t('facts.networkDown')}</span>
          )}
        </>
      ),
    },
    ...config.network.ports.map((port) => ({
      label: t('facts.port'),
      value: (
        <span className="copyable">
          <PortLink port={port} isOpen={state === 'running'} />
          <CopyIconButton text={port} what={t('copy.port')} />
        </span>
      ),
    })),
  ];
}

function inside({ config, sharedBy }: Sandbox, t: Words): Fact[] {
  const { shell, workdir, user, volumes } = config;
  const scripts = Object.keys(config.scripts);
  const copied = (label: string, value: string | undefined, what: string): Fact[] =>
    value === undefined ? [] : [{ label, value: <Copyable value={value} what={what} /> }];
  return [
    ...copied(t('facts.shell'), shell, t('copy.shell')),
    ...copied(t('facts.workdir'), workdir, t('copy.workdir')),
    ...copied(t('facts.user'), user, t('copy.user')),
    ...Object.entries(volumes).map(([target, volume]) => ({
      label: t('facts.volume'),
      value: <VolumeFact target={target} volume={volume} sharedBy={sharedBy} />,
    })),
    ...copied(
      t('facts.scripts'),
      scripts.length === 0 ? undefined : scripts.join(' '),
      t('copy.scripts'),
    ),
  ];
}
