/*
 * Prints the rate of this host's time-stamp counter in kHz.
 * QEMU's emulation gives the guest the host's counter. A guest that is told its rate need not
 * measure it against an emulated timer, which fails whenever the host is busy.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

/* Long enough for an error below one part in a million, short enough to wait for. */
static const struct timespec span = {.tv_sec = 0, .tv_nsec = 50 * 1000 * 1000};

struct sample {
	uint64_t nanoseconds;
	uint64_t ticks;
};

/* The clock QEMU derives its timers from. */
static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

/* Of many readings of both clocks, the one that was disturbed least. */
static struct sample take_sample(void)
{
	struct sample best = {0, 0};
	uint64_t narrowest = UINT64_MAX;

	for (int attempt = 0; attempt < 500; attempt++) {
		uint64_t before = now();
		uint64_t ticks = __rdtsc();
		uint64_t width = now() - before;

		if (width < narrowest) {
			narrowest = width;
			best.nanoseconds = before + width / 2;
			best.ticks = ticks;
		}
	}
	return best;
}

int main(void)
{
	struct sample first = take_sample();
	nanosleep(&span, NULL);
	struct sample second = take_sample();
	double milliseconds = (double)(second.nanoseconds - first.nanoseconds) / 1e6;
	double rate = (double)(second.ticks - first.ticks) / milliseconds;

	printf("%" PRIu64 "\n", (uint64_t)(rate + 0.5));
	return fflush(stdout) == 0 ? 0 : 1;
}
