/** A reporter of Playwright that writes counts, and why tests were skipped. */
import { noCounts, writeCounts } from './counts.mjs';

export default class CountsReporter {
  #suite;
  #counts = noCounts();

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** An error outside any test, such as a spec that cannot be loaded. */
  onError() {
    this.#counts.failed += 1;
  }

  onEnd() {
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === 'expected' || outcome === 'flaky') this.#counts.passed += 1;
      else if (outcome === 'unexpected') this.#counts.failed += 1;
      else {
        const skip = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme');
        const reason = skip?.description ?? 'it did not run';
        this.#counts.skipped.push({ name: test.titlePath().filter(Boolean).join(' › '), reason });
      }
    }
    writeCounts(this.#counts);
  }

  printsToStdio() {
    return false;
  }
}
