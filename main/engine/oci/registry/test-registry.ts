/** Looks step by step at how a registry is reached; the first step that fails is the last. */
import { parseImageReference } from '../../../contract/image-reference.ts';
import type { Credential, RegistrySettings, RegistryTest } from '../../../contract/registry.ts';
import { AppError, cancelledError } from '../../base/app-error.ts';
import type { FindCredential } from './auth.ts';
import { registryOrigins } from './endpoint.ts';
import { defaultHttpTimeouts, type HttpAnswer, type HttpTimeouts } from './http-answer.ts';
import { TransientError } from './network-error.ts';
import { describeTls, judgeApi, type Finding } from './judge-api.ts';
import type { ProxyEnvironment } from './proxy.ts';
import { quote } from '../quote.ts';
import { lookUpName, reachPort } from './reach-registry.ts';
import { RegistryEndpoints, type SettingsOf } from './registry-endpoints.ts';
import { RegistryRequests, type ApiRequest } from './registry-requests.ts';
import { statusError } from './status-error.ts';
import { Transports } from './transport.ts';

type Step = RegistryTest['steps'][number];

/** What a step found that did not fail. */
interface Found extends Finding {
  /** Why the step after it fails. */
  readonly next?: unknown;
}

/** A registry, and what is typed in place of what is kept. */
export interface RegistryTestRequest {
  readonly registry: string;
  readonly credential?: Credential | undefined;
  readonly settings?: RegistrySettings | undefined;
  /** One whose tags are to be readable. */
  readonly repository?: string | undefined;
}

/** What a test goes by. */
export interface RegistryTestContext {
  readonly settingsOf: SettingsOf;
  readonly findCredential?: FindCredential | undefined;
  readonly environment?: ProxyEnvironment;
  readonly timeouts?: Partial<HttpTimeouts>;
  /** Of the whole test. */
  readonly totalMs?: number;
}

const defaultTotalMs = 60_000;

/**
 * Fails for nothing that it finds. Throws `image/reference-invalid` for what is no registry or
 * repository, and `operation/cancelled`.
 */
export async function testRegistry(
  request: RegistryTestRequest,
  context: RegistryTestContext,
  signal?: AbortSignal,
): Promise<RegistryTest> {
  const trial = new RegistryTrial(request, context, signal);
  return { steps: await trial.run() };
}

class RegistryTrial {
  readonly #request: RegistryTestRequest;
  readonly #repository: string | undefined;
  readonly #context: RegistryTestContext;
  readonly #requests: RegistryRequests;
  readonly #settings: RegistrySettings | undefined;
  readonly #caller: AbortSignal | undefined;
  readonly #signal: AbortSignal;
  readonly #steps: Step[] = [];
  #isOpenToAll = false;

  constructor(
    request: RegistryTestRequest,
    context: RegistryTestContext,
    caller: AbortSignal | undefined,
  ) {
    const { registry } = request;
    const settings = request.settings ?? context.settingsOf(registry);
    const timeouts = { ...defaultHttpTimeouts, ...context.timeouts };
    const limit = AbortSignal.timeout(context.totalMs ?? defaultTotalMs);
    this.#request = request;
    this.#repository = repositoryOf(request);
    this.#context = context;
    this.#settings = settings;
    const endpoints = new RegistryEndpoints({
      settingsOf: (name) => (name === registry ? settings : context.settingsOf(name)),
      transports: new Transports(context.environment),
      timeouts,
    });
    this.#requests = new RegistryRequests(endpoints, timeouts);
    this.#caller = caller;
    this.#signal = caller === undefined ? limit : AbortSignal.any([caller, limit]);
  }

  async run(): Promise<Step[]> {
    const origins = registryOrigins(this.#request.registry, this.#settings);
    const { environment = process.env } = this.#context;
    const isReached =
      (await this.#try('name', () => lookUpName(origins[0], environment, this.#signal))) &&
      (await this.#try('reach', () => reachPort(origins, environment, this.#signal))) &&
      (await this.#askApi()) &&
      (await this.#try('login', () => this.#logIn()));
    if (isReached) await this.#try('permission', () => this.#readTags());
    return this.#steps;
  }

  /** Two steps, because it takes a request to see how TLS fares. */
  async #askApi(): Promise<boolean> {
    let answer: HttpAnswer | undefined;
    const isTrusted = await this.#try('tls', async () => {
      try {
        // It says nothing of who asks: whether a password is right is another step.
        answer = await this.#requests.askOnce(this.#request.registry, this.#signal);
        return describeTls(answer.url, this.#settings);
      } catch (error) {
        if (isAbout(error, 'registry/tls-failed')) throw error;
        const evidence = 'Not known: no answer came.';
        return { result: 'skip', evidence, next: error };
      }
    });
    return isTrusted && (await this.#try('api', () => this.#judgeApi(answer)));
  }

  async #judgeApi(answer: HttpAnswer | undefined): Promise<Found> {
    if (answer === undefined) throw new AppError('registry/bad-answer', 'No answer came.');
    if (answer.status === 400) throw await statusError(answer, 'its API', 'registry/bad-answer');
    await answer.discard();
    const found = judgeApi(answer);
    this.#isOpenToAll = answer.status === 200;
    return found;
  }

  async #logIn(): Promise<Found> {
    const { registry } = this.#request;
    const credential = await this.#credential();
    if (credential === undefined) {
      return { result: 'skip', evidence: 'Nobody is logged in; it is asked anonymously.' };
    }
    if (this.#isOpenToAll) {
      return { result: 'skip', evidence: 'It asks nobody for a password.' };
    }
    const answer = await this.#requests.send({
      registry,
      path: '',
      credential,
      signal: this.#signal,
    });
    if (answer.status !== 200) throw await statusError(answer, 'its API', 'registry/bad-answer');
    await answer.discard();
    const what =
      'identityToken' in credential
        ? 'the identity token'
        : `the password of ${quote(credential.username)}`;
    return { result: 'pass', evidence: `It took ${what}.` };
  }

  async #readTags(): Promise<Found> {
    const { registry } = this.#request;
    const repository = this.#repository;
    if (repository === undefined) return { result: 'skip', evidence: 'No repository was named.' };
    const who = {
      registry,
      repository,
      credential: await this.#credential(),
      signal: this.#signal,
    };
    const name = quote(repository);
    if (await this.#isThere({ ...who, path: 'manifests/latest', method: 'HEAD' })) {
      return { result: 'pass', evidence: `An image of ${name} can be pulled.` };
    }
    const answer = await this.#requests.send({ ...who, path: 'tags/list?n=1' });
    if (answer.status !== 200) {
      throw await statusError(answer, `the tags of ${name}`, 'image/not-found');
    }
    await answer.discard();
    return { result: 'pass', evidence: `The tags of ${name} can be read.` };
  }

  /** A refusal is judged by the tags: the tag that is asked for need not be there. */
  async #isThere(request: ApiRequest): Promise<boolean> {
    try {
      const answer = await this.#requests.send(request);
      await answer.discard();
      return answer.status === 200;
    } catch (error) {
      if (this.#signal.aborted) throw error;
      return false;
    }
  }

  async #credential(): Promise<Credential | undefined> {
    const { registry, credential } = this.#request;
    const find = this.#context.findCredential;
    const repository = this.#repository;
    return credential ?? (await find?.({ registry, repository }, { signal: this.#signal }));
  }

  /** Takes a step; returns whether the next one is to be taken. */
  async #try(step: Step['step'], take: () => Promise<Found> | Found): Promise<boolean> {
    try {
      const { next, ...found } = await take();
      this.#steps.push({ step, ...found });
      if (next === undefined) return true;
      this.#fail('api', next);
    } catch (error) {
      this.#fail(step, error);
    }
    return false;
  }

  #fail(step: Step['step'], thrown: unknown): void {
    if (this.#caller?.aborted === true) throw cancelledError('The test of the registry');
    if (this.#signal.aborted) {
      const evidence = 'The registry took too long.';
      this.#steps.push({ step, result: 'fail', evidence, hint: 'Try again later.' });
      return;
    }
    const error = thrown instanceof TransientError ? thrown.error : thrown;
    if (!(error instanceof AppError)) throw error;
    const { message, hint } = error;
    this.#steps.push({ step, result: 'fail', evidence: message, hint });
  }
}

function isAbout(error: unknown, code: AppError['code']): boolean {
  const known = error instanceof TransientError ? error.error : error;
  return known instanceof AppError && known.code === code;
}

function repositoryOf({ registry, repository }: RegistryTestRequest): string | undefined {
  if (repository === undefined) return undefined;
  const parsed = parseImageReference(`${registry}/${repository}`);
  if (parsed.ok) return parsed.reference.repository;
  throw new AppError('image/reference-invalid', parsed.problem);
}
