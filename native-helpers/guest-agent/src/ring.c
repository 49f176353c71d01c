#include "ring.h"

#include <stdlib.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

int ring_init(struct ring *ring, bool keeps_past)
{
	*ring = (struct ring){.keeps_past = keeps_past, .bytes = malloc(RING_SIZE)};
	return ring->bytes == NULL ? -1 : 0;
}

void ring_free(struct ring *ring)
{
	free(ring->bytes);
	*ring = (struct ring){0};
}

size_t ring_room(const struct ring *ring)
{
	return ring->bytes == NULL ? 0 : RING_SIZE - (size_t)(ring->end - ring->acked);
}

size_t ring_space(struct ring *ring, bool overwrite, uint8_t **at)
{
	const size_t offset = (size_t)(ring->end % RING_SIZE);
	const size_t room = overwrite && ring->bytes != NULL ? RING_SIZE : ring_room(ring);

	*at = ring->bytes + offset;
	return least(room, RING_SIZE - offset);
}

void ring_added(struct ring *ring, size_t count)
{
	ring->end += count;
	if (ring->end - ring->start > RING_SIZE)
		ring->start = ring->end - RING_SIZE;
	if (ring->acked < ring->start)
		ring->acked = ring->start;
	if (ring->sent < ring->acked)
		ring->sent = ring->acked;
}

size_t ring_unsent(const struct ring *ring, const uint8_t **at)
{
	const size_t offset = (size_t)(ring->sent % RING_SIZE);

	*at = ring->bytes + offset;
	return least((size_t)(ring->end - ring->sent), RING_SIZE - offset);
}

void ring_sent(struct ring *ring, size_t count)
{
	ring->sent += count;
}

bool ring_acknowledge(struct ring *ring, size_t count)
{
	if (count > ring->sent - ring->acked)
		return false;
	ring->acked += count;
	if (!ring->keeps_past)
		ring->start = ring->acked;
	return true;
}

void ring_rewind(struct ring *ring)
{
	ring->acked = ring->start;
	ring->sent = ring->start;
}
