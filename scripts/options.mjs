/** The options of `npm start`, `npm test` and `npm run kernel`. Pure. */
import { parseArgs } from 'node:util';
import { SetUpError } from './set-up/command.mjs';

const yes = { type: 'boolean', default: false };

const startUsage = `Usage: npm start [-- OPTIONS]
  --yes      install missing packages with sudo, without asking
  --port N   port of the browser host on 127.0.0.1; any free one otherwise
  --no-open  do not open a browser`;

const testUsage = `Usage: npm test [-- OPTIONS]
  --yes      install missing packages with sudo, without asking`;

const kernelUsage = `Usage: npm run kernel [-- OPTIONS]
  --yes      install missing packages with sudo, without asking`;

/**
 * @param {readonly string[]} args
 * @throws SetUpError that lists the options
 */
export function parseStartOptions(args) {
  const values = parse(args, startUsage, {
    yes,
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  });
  return { yes: values.yes, port: parsePort(values.port), open: !values['no-open'] };
}

/** Takes and throws what {@link parseStartOptions} does. */
export function parseTestOptions(args) {
  return { yes: parse(args, testUsage, { yes }).yes };
}

/** Takes and throws what {@link parseStartOptions} does. */
export function parseKernelOptions(args) {
  return { yes: parse(args, kernelUsage, { yes }).yes };
}

function parse(args, usage, options) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new SetUpError(`${error.message}\n\n${usage}`);
  }
}

function parsePort(text) {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new SetUpError(`"${text}" is not a port: give a number from 0 to 65535.\n\n${startUsage}`);
}
