import { Fragment } from 'react';
import { parsePortMapping } from '../../../main/contract/config/port-mapping.ts';
import { describePort } from '../../words/network-words.ts';
import { urlOf } from '../../words/port-address.ts';

/** Published ports; those that a browser on this machine reaches are links while it runs. */
export function PortLinks(props: { readonly ports: readonly string[]; readonly isOpen: boolean }) {
  return props.ports.map((port, index) => (
    <Fragment key={port}>
      {index > 0 && ', '}
      <PortLink port={port} isOpen={props.isOpen} />
    </Fragment>
  ));
}

/** See {@link PortLinks}. */
export function PortLink(props: { readonly port: string; readonly isOpen: boolean }) {
  const mapping = parsePortMapping(props.port);
  const url = mapping === undefined || !props.isOpen ? undefined : urlOf(mapping);
  const shown = describePort(props.port);
  return url === undefined ? (
    <span className="mono">{shown}</span>
  ) : (
    <a className="mono" href={url} target="_blank" rel="noopener noreferrer" title={url}>
      {shown}
    </a>
  );
}
