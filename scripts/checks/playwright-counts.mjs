/** A reporter of Playwright that writes counts, and why tests failed or were skipped. */
import { noCounts, writeCounts } from './counts.mjs';

export default class CountsReporter {
  #suite;
  #counts = noCounts();

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** An error outside any test, such as a spec that cannot be loaded. */
  onError({ message }) {
    this.#counts.failed.push({ name: 'outside any test', reason: message ?? 'no message' });
  }

  onEnd() {
    for (const test of this.#suite?.allTests() ?? []) {
      const name = test.titlePath().filter(Boolean).join(' › ');
      const outcome = test.outcome();
      if (outcome === 'expected' || outcome === 'flaky') this.#counts.passed += 1;
      else if (outcome === 'unexpected') {
        const reason = test.results.at(-1)?.error?.message ?? 'no message';
        this.#counts.failed.push({ name, reason });
      } else {
        const skip = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme');
        const reason = skip?.description ?? 'it did not run';
        this.#counts.skipped.push({ name, reason });
      }
    }
    writeCounts(this.#counts);
  }

  printsToStdio() {
    return false;
  }
}
