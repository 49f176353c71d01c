#include "tar-parse.h"

#include <string.h>

#include "tar-fields.h"

/* GNU's two's complement of all the field has, the first bit aside; false beyond 63 bits. */
static bool read_binary(const uint8_t *at, size_t width, int64_t *number)
{
	const bool is_negative = (at[0] & 0x40) != 0;
	/* The bits of a negative number are turned over, and turned back at the end. */
	const uint8_t flip = is_negative ? 0xFF : 0;
	uint64_t value = (at[0] ^ flip) & 0x7F;

	for (size_t i = 1; i < width; i++) {
		if (value > (uint64_t)INT64_MAX >> 8)
			return false;
		value = value << 8 | (uint8_t)(at[i] ^ flip);
	}
	*number = is_negative ? -(int64_t)value - 1 : (int64_t)value;
	return true;
}

/* Octal digits between blanks, or GNU's big-endian binary; false for anything else. */
static bool read_number(const uint8_t *at, size_t width, int64_t *number)
{
	uint64_t value = 0;
	size_t i = 0;

	if ((at[0] & 0x80) != 0)
		return read_binary(at, width, number);
	while (i < width && at[i] == ' ')
		i++;
	for (; i < width && at[i] >= '0' && at[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(at[i] - '0');
	for (; i < width; i++)
		if (at[i] != ' ' && at[i] != '\0')
			return false;
	*number = (int64_t)value;
	return true;
}

static bool read_u32(const uint8_t *at, uint32_t *number)
{
	int64_t wide;

	if (!read_number(at, TAR_SHORT_WIDTH, &wide) || wide < 0 || wide > UINT32_MAX)
		return false;
	*number = (uint32_t)wide;
	return true;
}

/* Old programs summed up signed characters. */
static bool has_checksum(const uint8_t *block)
{
	int64_t wanted, plain = 0, with_signs = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++) {
		const bool is_sum = i >= TAR_CHECKSUM && i < TAR_CHECKSUM + TAR_SHORT_WIDTH;
		const uint8_t byte = is_sum ? ' ' : block[i];

		plain += byte;
		with_signs += (int8_t)byte;
	}
	return read_number(block + TAR_CHECKSUM, TAR_SHORT_WIDTH, &wanted) &&
	       (wanted == plain || wanted == with_signs);
}

static size_t copy_text(char *to, const uint8_t *from, size_t width)
{
	const size_t length = strnlen((const char *)from, width);

	memcpy(to, from, length);
	to[length] = '\0';
	return length;
}

static void read_path(const uint8_t *block, struct tar_parsed *to)
{
	size_t length = 0;

	/* GNU's own magic has other fields in the place of the prefix. */
	if (memcmp(block + TAR_MAGIC, "ustar\0", 6) == 0 && block[TAR_PREFIX] != '\0') {
		length = copy_text(to->path, block + TAR_PREFIX, TAR_PREFIX_WIDTH);
		to->path[length++] = '/';
	}
	copy_text(to->path + length, block + TAR_NAME, TAR_NAME_WIDTH);
}

enum tar_block_kind tar_parse_block(const uint8_t *block, struct tar_parsed *to)
{
	static const uint8_t zeros[TAR_BLOCK];
	int64_t size;

	if (memcmp(block, zeros, TAR_BLOCK) == 0)
		return TAR_BLOCK_END;
	memset(to, 0, sizeof(*to));
	if (!has_checksum(block) || !read_u32(block + TAR_MODE, &to->mode) ||
	    !read_u32(block + TAR_UID, &to->uid) || !read_u32(block + TAR_GID, &to->gid) ||
	    !read_number(block + TAR_SIZE, TAR_LONG_WIDTH, &size) || size < 0 ||
	    !read_number(block + TAR_MTIME, TAR_LONG_WIDTH, &to->mtime_seconds))
		return TAR_BLOCK_BAD;
	to->size = (uint64_t)size;
	to->mode &= 07777;
	to->type = (char)block[TAR_TYPE];
	read_path(block, to);
	copy_text(to->link, block + TAR_LINK, TAR_NAME_WIDTH);
	return TAR_BLOCK_HEADER;
}

bool tar_next_record(const uint8_t *records, size_t length, size_t *at,
		     struct tar_pax_record *record)
{
	const uint8_t *begin = records + *at;
	const size_t left = length - *at;
	const uint8_t *equals;
	size_t total = 0, head = 0;

	while (head < left && begin[head] >= '0' && begin[head] <= '9' && total <= length)
		total = total * 10 + (size_t)(begin[head++] - '0');
	if (head == 0 || head >= left || begin[head] != ' ' || total > left || total <= head + 1 ||
	    begin[total - 1] != '\n')
		return false;
	head++;
	equals = memchr(begin + head, '=', total - head);
	if (equals == NULL)
		return false;
	record->key = (const char *)begin + head;
	record->key_length = (size_t)(equals - begin) - head;
	record->value = equals + 1;
	record->value_length = total - 1 - (size_t)(equals + 1 - begin);
	*at += total;
	return true;
}

bool tar_record_is(const struct tar_pax_record *record, const char *key)
{
	return record->key_length == strlen(key) &&
	       memcmp(record->key, key, record->key_length) == 0;
}

static bool take_text(const struct tar_pax_record *record, char to[TAR_PATH_MAX])
{
	if (record->value_length >= TAR_PATH_MAX ||
	    memchr(record->value, 0, record->value_length) != NULL)
		return false;
	memcpy(to, record->value, record->value_length);
	to[record->value_length] = '\0';
	return true;
}

/* Decimal digits from `*i` on. */
static bool take_digits(const struct tar_pax_record *record, size_t *i, uint64_t *number)
{
	const size_t begin = *i;

	for (*number = 0; *i < record->value_length; ++*i) {
		const uint8_t digit = record->value[*i];

		if (digit < '0' || digit > '9')
			break;
		if (*number > (uint64_t)INT64_MAX / 10 - 1)
			return false;
		*number = *number * 10 + (uint64_t)(digit - '0');
	}
	return *i > begin;
}

static bool take_number(const struct tar_pax_record *record, uint64_t max, uint64_t *number)
{
	size_t i = 0;

	return take_digits(record, &i, number) && i == record->value_length && *number <= max;
}

static bool take_u32(const struct tar_pax_record *record, uint32_t *number)
{
	uint64_t wide;

	if (!take_number(record, UINT32_MAX, &wide))
		return false;
	*number = (uint32_t)wide;
	return true;
}

/* `-1.5` is second -2 and a half. */
static bool take_time(const struct tar_pax_record *record, struct tar_parsed *to)
{
	const bool is_negative = record->value_length > 0 && record->value[0] == '-';
	size_t i = is_negative;
	uint64_t seconds;
	uint32_t scale = 100000000, nanoseconds = 0;

	if (!take_digits(record, &i, &seconds))
		return false;
	if (i < record->value_length && record->value[i] == '.')
		for (i++; i < record->value_length && record->value[i] >= '0' &&
			  record->value[i] <= '9';
		     i++, scale /= 10)
			nanoseconds += (uint32_t)(record->value[i] - '0') * scale;
	to->mtime_seconds = is_negative ? -(int64_t)seconds : (int64_t)seconds;
	to->mtime_nanoseconds = nanoseconds;
	if (is_negative && nanoseconds > 0) {
		to->mtime_seconds--;
		to->mtime_nanoseconds = 1000000000 - nanoseconds;
	}
	return i == record->value_length;
}

static bool apply(const struct tar_pax_record *record, struct tar_parsed *to)
{
	if (tar_record_is(record, "path"))
		return take_text(record, to->path);
	if (tar_record_is(record, "linkpath"))
		return take_text(record, to->link);
	if (tar_record_is(record, "size"))
		return take_number(record, INT64_MAX, &to->size);
	if (tar_record_is(record, "uid"))
		return take_u32(record, &to->uid);
	if (tar_record_is(record, "gid"))
		return take_u32(record, &to->gid);
	if (tar_record_is(record, "mtime"))
		return take_time(record, to);
	return record->key_length < 11 || memcmp(record->key, "GNU.sparse.", 11) != 0;
}

bool tar_apply_records(const uint8_t *records, size_t length, struct tar_parsed *to)
{
	struct tar_pax_record record;
	size_t at = 0;

	while (at < length)
		if (!tar_next_record(records, length, &at, &record) || !apply(&record, to))
			return false;
	return true;
}
