/*
 * The ring of a stream's output; see codec-test.c.
 */
#include "check.h"
#include "ring.h"

/* A ring against its own definition: what comes out is what went in, in order. */
void check_ring(unsigned rounds, bool keeps_past)
{
	struct ring ring;
	uint64_t produced = 0;
	uint64_t expected = 0;

	CHECK(ring_init(&ring, keeps_past) == 0, "memory");
	for (unsigned round = 0; round < rounds; round++) {
		uint8_t *space;
		const uint8_t *unsent;
		size_t count = ring_space(&ring, false, &space);

		CHECK(count <= ring_room(&ring), "space");
		count = count == 0 ? 0 : random_number() % (count + 1);
		for (size_t i = 0; i < count; i++)
			space[i] = (uint8_t)((produced++ * 31) >> 3);
		ring_added(&ring, count);
		count = ring_unsent(&ring, &unsent);
		count = count == 0 ? 0 : random_number() % (count + 1);
		for (size_t i = 0; i < count; i++)
			CHECK(unsent[i] == (uint8_t)((expected++ * 31) >> 3), "byte %llu",
			      (unsigned long long)expected);
		ring_sent(&ring, count);
		count = (size_t)(ring.sent - ring.acked);
		CHECK(!ring_acknowledge(&ring, count + 1), "acknowledged too much");
		CHECK(ring_acknowledge(&ring, random_number() % (count + 1)), "acknowledged");
		CHECK(ring.start <= ring.acked && ring.acked <= ring.sent && ring.sent <= ring.end,
		      "order");
		CHECK(ring.end - ring.start <= RING_SIZE, "size");
		if (random_number() % 16 == 0) {
			ring_rewind(&ring);
			expected = ring.start;
		}
	}
	ring_free(&ring);
}
