#include "tar-header.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Largest numbers of the two kinds of fields: octal digits and a NUL. */
static const uint64_t short_max = 07777777;
static const uint64_t long_max = 077777777777;

struct extended {
	uint8_t *at;
	size_t length;
	size_t capacity;
	bool overflow;
};

static size_t digits(size_t number)
{
	size_t count = 1;

	for (; number >= 10; number /= 10)
		count++;
	return count;
}

size_t tar_record(uint8_t *at, size_t capacity, const char *key, const void *value, size_t length)
{
	/* A space, "=" and the line's end. The length counts its own digits. */
	const size_t rest = strlen(key) + length + 3;
	size_t total = rest + digits(rest);

	if (total != rest + digits(total))
		total++;
	if (total >= capacity || strchr(key, '=') != NULL)
		return 0;

	const int head = snprintf((char *)at, capacity, "%zu %s=", total, key);
	memcpy(at + head, value, length);
	at[total - 1] = '\n';
	return total;
}

static void put_record(struct extended *extended, const char *key, const char *value)
{
	const size_t size = tar_record(extended->at + extended->length,
				       extended->capacity - extended->length, key, value,
				       strlen(value));

	extended->length += size;
	extended->overflow |= size == 0;
}

static void put_number(struct extended *extended, const char *key, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_record(extended, key, text);
}

/* Seconds before 1970 count down, and the fraction with them: -1.5 is second -2 and a half. */
static void put_time(struct extended *extended, int64_t seconds, uint32_t nanoseconds)
{
	char text[48];
	const bool is_negative = seconds < 0;

	if (is_negative && nanoseconds > 0) {
		seconds++;
		nanoseconds = 1000000000 - nanoseconds;
	}
	snprintf(text, sizeof(text), "%s%" PRIu64 ".%09" PRIu32, is_negative ? "-" : "",
		 is_negative ? (uint64_t)-seconds : (uint64_t)seconds, nanoseconds);
	put_record(extended, "mtime", text);
}

/* Everything of the entry that its header has no room for. */
static void put_records(struct extended *extended, const struct tar_entry *entry)
{
	if (strlen(entry->path) > TAR_NAME_WIDTH)
		put_record(extended, "path", entry->path);
	if (entry->link != NULL && strlen(entry->link) > TAR_NAME_WIDTH)
		put_record(extended, "linkpath", entry->link);
	if (entry->size > long_max)
		put_number(extended, "size", entry->size);
	if (entry->uid > short_max)
		put_number(extended, "uid", entry->uid);
	if (entry->gid > short_max)
		put_number(extended, "gid", entry->gid);
	if (entry->mtime_nanoseconds != 0 || entry->mtime_seconds < 0 ||
	    (uint64_t)entry->mtime_seconds > long_max)
		put_time(extended, entry->mtime_seconds, entry->mtime_nanoseconds);
	if (entry->attributes_length >= extended->capacity - extended->length) {
		extended->overflow = true;
		return;
	}
	if (entry->attributes_length > 0)
		memcpy(extended->at + extended->length, entry->attributes,
		       entry->attributes_length);
	extended->length += entry->attributes_length;
}

/* A number that does not fit is in the extended header, which counts. */
static void put_octal(uint8_t *block, size_t offset, size_t width, uint64_t number)
{
	const uint64_t max = width == TAR_SHORT_WIDTH ? short_max : long_max;

	snprintf((char *)block + offset, width, "%0*" PRIo64, (int)width - 1,
		 number > max ? 0 : number);
}

static void put_text(uint8_t *block, size_t offset, const char *text)
{
	memcpy(block + offset, text, strnlen(text, TAR_NAME_WIDTH));
}

static void finish_block(uint8_t *block)
{
	unsigned sum = 0;

	memcpy(block + TAR_MAGIC, "ustar\0" "00", 8);
	memset(block + TAR_CHECKSUM, ' ', TAR_SHORT_WIDTH);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	snprintf((char *)block + TAR_CHECKSUM, TAR_SHORT_WIDTH - 1, "%06o", sum);
}

static void put_block(uint8_t *block, const struct tar_entry *entry)
{
	const int64_t seconds = entry->mtime_seconds;

	memset(block, 0, TAR_BLOCK);
	put_text(block, TAR_NAME, entry->path);
	put_octal(block, TAR_MODE, TAR_SHORT_WIDTH, entry->mode & 07777);
	put_octal(block, TAR_UID, TAR_SHORT_WIDTH, entry->uid);
	put_octal(block, TAR_GID, TAR_SHORT_WIDTH, entry->gid);
	put_octal(block, TAR_SIZE, TAR_LONG_WIDTH, entry->size);
	put_octal(block, TAR_MTIME, TAR_LONG_WIDTH, seconds < 0 ? 0 : (uint64_t)seconds);
	block[TAR_TYPE] = (uint8_t)entry->type;
	if (entry->link != NULL)
		put_text(block, TAR_LINK, entry->link);
	put_octal(block, TAR_MAJOR, TAR_SHORT_WIDTH, entry->major);
	put_octal(block, TAR_MINOR, TAR_SHORT_WIDTH, entry->minor);
	finish_block(block);
}

static void put_extended_block(uint8_t *block, size_t records_length)
{
	memset(block, 0, TAR_BLOCK);
	put_text(block, TAR_NAME, "././@PaxHeader");
	put_octal(block, TAR_MODE, TAR_SHORT_WIDTH, 0644);
	put_octal(block, TAR_UID, TAR_SHORT_WIDTH, 0);
	put_octal(block, TAR_GID, TAR_SHORT_WIDTH, 0);
	put_octal(block, TAR_SIZE, TAR_LONG_WIDTH, records_length);
	put_octal(block, TAR_MTIME, TAR_LONG_WIDTH, 0);
	block[TAR_TYPE] = 'x';
	finish_block(block);
}

size_t tar_padding(uint64_t size)
{
	return (size_t)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

size_t tar_header(const struct tar_entry *entry, uint8_t *at, size_t capacity)
{
	/* Room for the last header is kept, and for the rest of a block before it. */
	if (capacity < (size_t)4 * TAR_BLOCK)
		return 0;

	struct extended extended = {.at = at + TAR_BLOCK,
				    .capacity = capacity - (size_t)3 * TAR_BLOCK};
	size_t used = 0;

	put_records(&extended, entry);
	if (extended.overflow)
		return 0;
	if (extended.length > 0) {
		const size_t padding = tar_padding(extended.length);

		put_extended_block(at, extended.length);
		memset(extended.at + extended.length, 0, padding);
		used = TAR_BLOCK + extended.length + padding;
	}
	put_block(at + used, entry);
	return used + TAR_BLOCK;
}
