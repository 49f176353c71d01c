#include "kernel-log-message.h"

#include <string.h>

#include "messages.h"

static bool take_number(const char **at, const char *end, char behind, uint64_t *value)
{
	const char *begin = *at;

	*value = 0;
	for (; *at < end && **at >= '0' && **at <= '9' && *value < UINT64_MAX / 100; (*at)++)
		*value = *value * 10 + (uint64_t)(**at - '0');
	if (*at == begin || *at == end || **at != behind)
		return false;
	(*at)++;
	return true;
}

bool kernel_record_parse(const char *bytes, size_t length, struct kernel_record *record)
{
	const char *at = bytes, *end = bytes + length, *line_end;
	uint64_t priority, sequence;

	if (!take_number(&at, end, ',', &priority) || !take_number(&at, end, ',', &sequence) ||
	    !take_number(&at, end, ',', &record->microseconds))
		return false;
	at = memchr(at, ';', (size_t)(end - at));
	if (at == NULL)
		return false;
	at++;
	line_end = memchr(at, '\n', (size_t)(end - at));
	record->level = priority & 7;
	record->text = at;
	record->length = (size_t)((line_end == NULL ? end : line_end) - at);
	if (record->length > KERNEL_TEXT_MAX)
		record->length = KERNEL_TEXT_MAX;
	return true;
}

void kernel_record_write(struct fields_writer *writer, const struct kernel_record *record)
{
	uint8_t bytes[KERNEL_RECORD_MAX];
	struct fields_writer one = {.bytes = bytes, .capacity = sizeof(bytes)};

	fields_put_u64(&one, TAG_MICROSECONDS, record->microseconds);
	fields_put_bytes(&one, TAG_TEXT, record->text, record->length);
	fields_put_bytes(writer, TAG_KERNEL_RECORD, bytes, one.length);
}
