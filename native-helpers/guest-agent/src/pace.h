/*
 * How soon an output is read again. A program that writes without end writes small pieces, and to
 * be woken for each of them costs the guest more than the piece does: such a stream is left alone
 * for some milliseconds, so that more of it comes at once. What is not a stream is read at once,
 * and so is one whose writer has to wait. Pure.
 */
#ifndef SKERRY_PACE_H
#define SKERRY_PACE_H

#include <stddef.h>
#include <stdint.h>

enum {
	/* So many small pieces in a row are a stream; a screen that is drawn anew is fewer. */
	PACE_STREAM_PIECES = 8,
	/* Less than a frame should carry. */
	PACE_SMALL_BYTES = 2048,
	/* All that a terminal of Linux holds for its reader: whoever writes there waits. */
	PACE_FULL_BYTES = 4095,
	/* Half of what a screen shows a picture for. */
	PACE_REST_MAX_MS = 8,
};

/* Begins with all zeros. */
struct pace {
	unsigned small_pieces;
	unsigned rest_ms;
	uint64_t read_at_ms;
	/* No reading before; 0 where there may be. */
	uint64_t rests_until_ms;
};

/* So much was read at once; may begin a rest. */
void pace_read(struct pace *pace, size_t count, uint64_t now_ms);
/* What comes next is no part of the stream of before; ends a rest. */
void pace_reset(struct pace *pace);

#endif
