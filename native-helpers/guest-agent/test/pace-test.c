/*
 * How soon an output is read again; see codec-test.c.
 */
#include "check.h"
#include "pace.h"

static void check_beginning(void)
{
	struct pace pace = {0};
	uint64_t now_ms = 1000;

	for (unsigned piece = 0; piece < PACE_STREAM_PIECES; piece++) {
		pace_read(&pace, 1, now_ms++);
		CHECK(pace.rests_until_ms == 0, "piece %u is no stream", piece);
	}
	pace_read(&pace, 1, now_ms);
	CHECK(pace.rests_until_ms == now_ms + 1, "a stream rests");
	pace_reset(&pace);
	CHECK(pace.rests_until_ms == 0, "what was reset does not rest");
	pace_read(&pace, 1, now_ms);
	CHECK(pace.rests_until_ms == 0, "what was reset begins anew");
}

static void check_stream(void)
{
	struct pace pace = {0};
	uint64_t now_ms = 1000;

	for (unsigned piece = 0; piece < 100; piece++) {
		pace_read(&pace, 1, now_ms);
		if (pace.rests_until_ms != 0)
			now_ms = pace.rests_until_ms;
	}
	CHECK(pace.rests_until_ms == now_ms, "it goes on resting");
	CHECK(pace.rest_ms == PACE_REST_MAX_MS, "for as long as it may");
	pace_read(&pace, PACE_FULL_BYTES, now_ms);
	CHECK(pace.rests_until_ms == 0, "a writer that waits is read at once");
	for (unsigned piece = 0; piece < 100; piece++)
		pace_read(&pace, PACE_SMALL_BYTES, now_ms);
	CHECK(pace.rests_until_ms == 0, "large pieces are no reason to rest");
	for (unsigned piece = 0; piece < 100; piece++) {
		now_ms += 2 * PACE_REST_MAX_MS + 1;
		pace_read(&pace, 1, now_ms);
		CHECK(pace.rests_until_ms == 0, "what comes now and then is no stream");
	}
}

/* Whatever comes, a rest is short and is never begun by what is large. */
void check_pace(unsigned rounds)
{
	struct pace pace = {0};
	uint64_t now_ms = 0;

	check_beginning();
	check_stream();
	for (unsigned round = 0; round < rounds; round++) {
		const size_t count = 1 + random_number() % (random_number() % 2 == 0 ? 64 : 8192);

		now_ms += random_number() % (random_number() % 8 == 0 ? 100 : 3);
		if (random_number() % 32 == 0)
			pace_reset(&pace);
		pace_read(&pace, count, now_ms);
		CHECK(pace.rests_until_ms == 0 || pace.rests_until_ms > now_ms, "a rest is ahead");
		CHECK(pace.rests_until_ms <= now_ms + PACE_REST_MAX_MS, "a rest is short");
		CHECK(count < PACE_FULL_BYTES || pace.rests_until_ms == 0, "a full one goes on");
	}
}
