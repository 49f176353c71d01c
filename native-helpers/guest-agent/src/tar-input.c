#include "tar-input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tar-header.h"

enum { BUFFER_SIZE = 256 * 1024 };

static int input;
static uint8_t buffer[BUFFER_SIZE];
static size_t begin, end;
/* Of the entry that was given last: content, and what fills its last block. */
static uint64_t content_left;
static size_t padding_left;
static uint8_t records[TAR_EXTENDED_MAX];

void tar_input_open(int fd)
{
	input = fd;
	begin = end = 0;
	content_left = padding_left = 0;
}

/* Makes sure that something is buffered; false at the end. */
static bool fill(void)
{
	while (begin == end) {
		const ssize_t have = read(input, buffer, sizeof(buffer));

		if (have < 0 && errno == EINTR)
			continue;
		if (have <= 0)
			return false;
		begin = 0;
		end = (size_t)have;
	}
	return true;
}

static bool take(uint8_t *to, size_t length)
{
	while (length > 0) {
		if (!fill())
			return false;
		const size_t have = end - begin;
		const size_t piece = length < have ? length : have;

		if (to != NULL) {
			memcpy(to, buffer + begin, piece);
			to += piece;
		}
		begin += piece;
		length -= piece;
	}
	return true;
}

long tar_input_content(const uint8_t **bytes)
{
	if (content_left == 0)
		return 0;
	if (!fill())
		return -1;
	const size_t have = end - begin;
	const size_t piece = content_left < have ? (size_t)content_left : have;

	*bytes = buffer + begin;
	begin += piece;
	content_left -= piece;
	return (long)piece;
}

static bool pass_over_content(void)
{
	const uint8_t *bytes;
	long length;

	while ((length = tar_input_content(&bytes)) > 0)
		continue;
	const size_t padding = padding_left;
	padding_left = 0;
	return length == 0 && take(NULL, padding);
}

/* What only an extended header says about the next entry. */
struct extension {
	bool has_path, has_link;
	char path[TAR_PATH_MAX];
	char link[TAR_PATH_MAX];
	size_t records_length;
};

static bool take_long_text(uint64_t size, char to[TAR_PATH_MAX], bool *is_set)
{
	uint8_t text[TAR_PATH_MAX];

	if (size == 0 || size > sizeof(text) || !take(text, (size_t)size) ||
	    !take(NULL, tar_padding(size)))
		return false;
	/* It ends with a NUL, which some leave out. */
	const size_t length = strnlen((const char *)text, (size_t)size);
	if (length == sizeof(text))
		return false;
	memcpy(to, text, length);
	to[length] = '\0';
	return *is_set = true;
}

static bool take_records(uint64_t size, struct extension *extension)
{
	if (size > sizeof(records) || !take(records, (size_t)size) ||
	    !take(NULL, tar_padding(size)))
		return false;
	extension->records_length = (size_t)size;
	return true;
}

/* Reads a header that is about the next one; false where it is malformed. */
static bool extend(const struct tar_parsed *header, struct extension *extension, bool *is_one)
{
	*is_one = true;
	switch (header->type) {
	case 'x':
		return take_records(header->size, extension);
	case 'L':
		return take_long_text(header->size, extension->path, &extension->has_path);
	case 'K':
		return take_long_text(header->size, extension->link, &extension->has_link);
	case 'g':
		/* What it says of all entries together is a comment, or nobody's to say. */
		return header->size <= TAR_EXTENDED_MAX && take(NULL, (size_t)header->size) &&
		       take(NULL, tar_padding(header->size));
	default:
		*is_one = false;
		return true;
	}
}

/* Links, directories and devices have no content, whatever their size says. */
static bool has_content(char type)
{
	return type < '1' || type > '6';
}

static bool finish(struct tar_input_entry *entry, const struct extension *extension)
{
	struct tar_parsed *header = &entry->header;

	if (extension->has_path)
		strcpy(header->path, extension->path);
	if (extension->has_link)
		strcpy(header->link, extension->link);
	if (!tar_apply_records(records, extension->records_length, header))
		return false;
	entry->records = records;
	entry->records_length = extension->records_length;
	content_left = has_content(header->type) ? header->size : 0;
	padding_left = tar_padding(content_left);
	return true;
}

enum tar_next tar_input_next(struct tar_input_entry *entry, const char **why)
{
	static struct extension extension;
	uint8_t block[TAR_BLOCK];

	memset(&extension, 0, sizeof(extension));
	*why = "the archive ends too early";
	if (!pass_over_content())
		return TAR_BROKEN;
	for (;;) {
		bool is_extension;

		if (!take(block, sizeof(block)))
			return TAR_BROKEN;
		switch (tar_parse_block(block, &entry->header)) {
		case TAR_BLOCK_END:
			return TAR_END;
		case TAR_BLOCK_BAD:
			*why = "this is no tar, or a damaged one";
			return TAR_BROKEN;
		default:
			break;
		}
		if (!extend(&entry->header, &extension, &is_extension)) {
			*why = "an extended header is cut off or too long";
			return TAR_BROKEN;
		}
		if (is_extension)
			continue;
		*why = "an extended header is malformed, or of a kind that is not known";
		return finish(entry, &extension) ? TAR_ENTRY : TAR_BROKEN;
	}
}
