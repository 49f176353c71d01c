/** What the answer to a request for `/v2/` tells of a server; "Determining Support" of the OCI distribution specification. */
import type { RegistrySettings } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { parseChallenges } from './challenge.ts';
import type { HttpAnswer } from './http-answer.ts';
import { quote } from '../quote.ts';

/** What a step of a test found that did not fail. */
export interface Finding {
  readonly result: 'pass' | 'skip';
  readonly evidence: string;
}

/** By what an answer of this address is trusted. */
export function describeTls(url: URL, settings: RegistrySettings | undefined): Finding {
  const { caFile, isInsecure = false } = settings ?? {};
  if (url.protocol === 'http:') {
    const why = isInsecure ? 'it is marked insecure' : 'it is on this machine';
    return { result: 'skip', evidence: `It is spoken to without TLS; ${why}.` };
  }
  if (isInsecure) {
    return { result: 'pass', evidence: 'Any certificate is taken: it is marked insecure.' };
  }
  const by =
    caFile === undefined ? 'this machine trusts' : `this machine trusts, or ${caFile} names`;
  return { result: 'pass', evidence: `Its certificate is signed by an authority that ${by}.` };
}

/** Throws `registry/bad-answer` for the answer of what is no registry. */
export function judgeApi(answer: Pick<HttpAnswer, 'status' | 'url' | 'header'>): Finding {
  const { status, url } = answer;
  const type = answer.header('content-type') ?? '';
  const challenges = parseChallenges(answer.header('www-authenticate') ?? '');
  const isRegistry =
    answer.header('docker-distribution-api-version') !== undefined ||
    /^application\/(?:[\w.+-]+\+)?json\b/i.test(type) ||
    challenges.some(({ scheme }) => scheme === 'bearer');
  if ((status !== 200 && status !== 401) || !isRegistry) {
    const said = `status ${String(status)} and ${type === '' ? 'no type' : `the type ${quote(type)}`}`;
    const message = `${quote(url.href)} answered with ${said}. That is not the API of a registry.`;
    throw new AppError('registry/bad-answer', message, {
      hint: 'Check the name and the port: another server is there.',
    });
  }
  const asks = status === 200 ? 'lets everybody in' : 'wants to know who asks';
  return { result: 'pass', evidence: `It speaks the API of registries (version 2) and ${asks}.` };
}
