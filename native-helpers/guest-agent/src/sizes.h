/*
 * The sizes that a terminal has had, and from which byte of its output on, so that a later host can
 * draw what is left of that as it was drawn at first. Pure.
 */
#ifndef SKERRY_SIZES_H
#define SKERRY_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIZES_MAX = 64 };

struct terminal_size {
	/* Position in all output, as in a ring. */
	uint64_t at;
	uint16_t rows;
	uint16_t columns;
};

/* The oldest size makes way where there are too many; there is always one. */
struct sizes {
	struct terminal_size all[SIZES_MAX];
	size_t count;
	/* How many of them the host knows. */
	size_t told;
};

/* The terminal begins with this size, which the host knows. */
void sizes_begin(struct sizes *sizes, uint16_t rows, uint16_t columns);
/* From `at` on, which is not before any other's, the terminal has this size. */
void sizes_add(struct sizes *sizes, uint64_t at, uint16_t rows, uint16_t columns);
/* The host begins at this byte: it is told the size there, and then those that follow. */
const struct terminal_size *sizes_rewind(struct sizes *sizes, uint64_t at);
/* The next size that the host is to be told once it has all output before it, or NULL. */
const struct terminal_size *sizes_next(const struct sizes *sizes);

#endif
