/*
 * The sizes of a terminal against a list of what was done.
 */
#include "check.h"
#include "sizes.h"

enum { STEPS = 200 };

void check_sizes(unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		struct sizes sizes;
		struct terminal_size done[STEPS + 1] = {{.rows = 24, .columns = 80}};
		const size_t steps = random_number() % STEPS;
		size_t count = 1;
		uint64_t at = 0;

		sizes_begin(&sizes, 24, 80);
		CHECK(sizes_next(&sizes) == NULL, "the first size is known");
		for (size_t step = 0; step < steps; step++) {
			at += random_number() % 3;
			done[count] = (struct terminal_size){.at = at,
							     .rows = (uint16_t)(1 + random_number() % 3),
							     .columns = 80};
			sizes_add(&sizes, at, done[count].rows, done[count].columns);
			count++;
			CHECK(sizes.count <= SIZES_MAX && sizes.told <= sizes.count, "bounds");
			if (random_number() % 2 == 0 && sizes_next(&sizes) != NULL)
				sizes.told++;
		}
		/* Whoever begins anywhere and is told everything has the latest size at the end. */
		const uint64_t from = random_number() % (at + 1);
		const struct terminal_size *size = sizes_rewind(&sizes, from);
		uint64_t before = size->at;

		for (size_t i = count; i-- > 0 && sizes.all[0].at <= from;)
			if (done[i].at <= from) {
				CHECK(size->rows == done[i].rows, "the size at a byte");
				break;
			}
		while (sizes_next(&sizes) != NULL) {
			size = sizes_next(&sizes);
			CHECK(size->at >= before && size->at > from, "order");
			before = size->at;
			sizes.told++;
		}
		CHECK(size->rows == done[count - 1].rows, "the latest size");
	}
}
