/** `npm run fuzz [-- --seconds N] [-- --seed N]`: frames of every kind at the stack that talks to guests. */
import { parseArgs } from 'node:util';
import { fuzzStack } from '../main/engine/net/stack/testing/fuzz-stack.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() >>> 0) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds >= 0)) throw new Error(`--seconds takes a number, not "${values.seconds}".`);
if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not "${values.seed}".`);
console.log(`Seed ${String(seed)}, for ${String(seconds)} seconds.`);
const result = fuzzStack(seed, seconds);
const rate = Math.round(result.frames / result.seconds);
console.log(
  `${String(result.frames)} frames, ${String(rate)} per second; ${String(result.sent)} were sent back, ` +
    `${String(result.established)} connections established. Nothing failed.`,
);
