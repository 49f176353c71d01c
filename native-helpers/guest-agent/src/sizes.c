#include "sizes.h"

#include <string.h>

void sizes_begin(struct sizes *sizes, uint16_t rows, uint16_t columns)
{
	sizes->all[0] = (struct terminal_size){.rows = rows, .columns = columns};
	sizes->count = 1;
	sizes->told = 1;
}

void sizes_add(struct sizes *sizes, uint64_t at, uint16_t rows, uint16_t columns)
{
	struct terminal_size *last = &sizes->all[sizes->count - 1];

	if (last->rows == rows && last->columns == columns)
		return;
	/* Nothing was written at the size of before: it need not be known. */
	if (last->at == at && sizes->told < sizes->count) {
		last->rows = rows;
		last->columns = columns;
		return;
	}
	if (sizes->count == SIZES_MAX) {
		memmove(sizes->all, sizes->all + 1, sizeof(sizes->all) - sizeof(sizes->all[0]));
		sizes->count--;
		if (sizes->told > 0)
			sizes->told--;
	}
	sizes->all[sizes->count++] =
		(struct terminal_size){.at = at, .rows = rows, .columns = columns};
}

const struct terminal_size *sizes_rewind(struct sizes *sizes, uint64_t at)
{
	sizes->told = 1;
	while (sizes->told < sizes->count && sizes->all[sizes->told].at <= at)
		sizes->told++;
	return &sizes->all[sizes->told - 1];
}

const struct terminal_size *sizes_next(const struct sizes *sizes)
{
	return sizes->told < sizes->count ? &sizes->all[sizes->told] : NULL;
}
