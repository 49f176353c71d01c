#include "pace.h"

void pace_read(struct pace *pace, size_t count, uint64_t now_ms)
{
	/* Nothing came for longer than a rest takes. */
	if (now_ms - pace->read_at_ms > 2 * PACE_REST_MAX_MS)
		pace_reset(pace);
	pace->read_at_ms = now_ms;
	if (count >= PACE_FULL_BYTES)
		pace->rest_ms = 0;
	if (count >= PACE_SMALL_BYTES)
		pace->small_pieces = 0;
	else if (pace->small_pieces < PACE_STREAM_PIECES)
		pace->small_pieces++;
	else if (pace->rest_ms < PACE_REST_MAX_MS)
		pace->rest_ms = pace->rest_ms == 0 ? 1 : pace->rest_ms * 2;
	pace->rests_until_ms = pace->rest_ms == 0 ? 0 : now_ms + pace->rest_ms;
}

void pace_reset(struct pace *pace)
{
	*pace = (struct pace){.read_at_ms = pace->read_at_ms};
}
