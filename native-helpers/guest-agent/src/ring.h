/*
 * A byte queue of fixed size that can keep what was already used. Positions count from the
 * beginning of the stream. Invariant: start <= acked <= sent <= end and end - start <= RING_SIZE.
 */
#ifndef SKERRY_RING_H
#define SKERRY_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Also the credit window of each channel: whatever is in a ring may be sent. */
enum { RING_SIZE = 256 * 1024 };

struct ring {
	uint8_t *bytes;
	/* Whether bytes stay after they were acknowledged, for as long as there is room. */
	bool keeps_past;
	uint64_t start;
	uint64_t acked;
	uint64_t sent;
	uint64_t end;
};

/* Returns 0, or -1 without memory. Untouched pages cost nothing. */
int ring_init(struct ring *ring, bool keeps_past);
void ring_free(struct ring *ring);

/* Bytes that can be added without losing one that was not acknowledged. */
size_t ring_room(const struct ring *ring);
/* Where to put new bytes, in one piece; with `overwrite` the oldest make way. */
size_t ring_space(struct ring *ring, bool overwrite, uint8_t **at);
void ring_added(struct ring *ring, size_t count);
/* What is to be sent next, in one piece. */
size_t ring_unsent(const struct ring *ring, const uint8_t **at);
void ring_sent(struct ring *ring, size_t count);
/* False where more is acknowledged than was sent. */
bool ring_acknowledge(struct ring *ring, size_t count);
/* Everything that is still there is to be sent again. */
void ring_rewind(struct ring *ring);

#endif
