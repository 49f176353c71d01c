/*
 * The writer of layers on this machine.
 *
 *   changes-test DIRECTORY HOSTNAME         the layer of an upper directory, to standard output
 *   changes-test attribute FILE NAME VALUE  sets an extended attribute
 *   changes-test                            headers and links against what they promise
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "changes.h"
#include "check.h"
#include "link-table.h"
#include "tar-output.h"

static uint8_t bytes[TAR_HEADER_MAX];

static void check_records(void)
{
	static const struct {
		const char *value;
		const char *record;
	} cases[] = {
		{"", "5 a=\n"},
		{"123", "8 a=123\n"},
		/* One more byte would make the length longer, which makes the record longer. */
		{"1234", "9 a=1234\n"},
		{"12345", "11 a=12345\n"},
		{"123456", "12 a=123456\n"},
	};
	uint8_t at[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const size_t length = strlen(cases[i].value);
		const size_t size = tar_record(at, sizeof(at), "a", cases[i].value, length);

		CHECK(size == strlen(cases[i].record) && memcmp(at, cases[i].record, size) == 0,
		      "%.*s", (int)size, (char *)at);
	}
	for (size_t length = 0; length < sizeof(at); length++) {
		static const char value[sizeof(at)];
		/* On the heap, so that the sanitizer sees a write of one byte too many. */
		uint8_t *small = malloc(length + 1);

		CHECK(small != NULL, "memory");
		CHECK(tar_record(small, length, "key", value, length) == 0, "no room");
		free(small);
	}
	CHECK(tar_record(at, sizeof(at), "a=b", "", 0) == 0, "a key that cannot be");
}

static unsigned checksum(const uint8_t *block)
{
	unsigned sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : block[i];
	return sum;
}

static void check_plain_header(void)
{
	const struct tar_entry entry = {.type = TAR_FILE,
					.path = "etc/a",
					.mode = 04755,
					.uid = 07777777,
					.gid = 5,
					.size = 077777777777,
					.mtime_seconds = 1700000000};
	const size_t size = tar_header(&entry, bytes, sizeof(bytes));

	CHECK(size == TAR_BLOCK, "one block, not %zu bytes", size);
	CHECK(strcmp((char *)bytes, "etc/a") == 0 && strcmp((char *)bytes + 100, "0004755") == 0 &&
		      strcmp((char *)bytes + 108, "7777777") == 0 &&
		      strcmp((char *)bytes + 116, "0000005") == 0 &&
		      strcmp((char *)bytes + 124, "77777777777") == 0 &&
		      strcmp((char *)bytes + 136, "14524770400") == 0 && bytes[156] == '0' &&
		      memcmp(bytes + 257, "ustar\0" "00", 8) == 0,
	      "fields");
	CHECK(strtoul((char *)bytes + 148, NULL, 8) == checksum(bytes), "checksum");
}

static bool has_record(const char *record)
{
	return strstr((char *)bytes + TAR_BLOCK, record) != NULL;
}

static void check_extended_header(void)
{
	char path[4096], link[4096];
	const struct tar_entry entry = {.type = TAR_HARD_LINK,
					.path = path,
					.link = link,
					.uid = 010000000,
					.gid = UINT32_MAX,
					.size = 0100000000000,
					.mtime_seconds = -2,
					.mtime_nanoseconds = 500000000};
	size_t size;

	memset(path, 'p', sizeof(path));
	memset(link, 'l', sizeof(link));
	path[sizeof(path) - 1] = link[sizeof(link) - 1] = '\0';
	size = tar_header(&entry, bytes, sizeof(bytes));
	CHECK(size > 0 && size % TAR_BLOCK == 0 && bytes[156] == 'x', "%zu bytes", size);
	CHECK(bytes[size - TAR_BLOCK] == 'p' && bytes[size - TAR_BLOCK + 156] == '1' &&
		      strtoul((char *)bytes + size - TAR_BLOCK + 148, NULL, 8) ==
			      checksum(bytes + size - TAR_BLOCK),
	      "the header behind it");
	CHECK(has_record("\n15 uid=2097152\n") && has_record("\n18 gid=4294967295\n") &&
		      has_record("\n19 size=8589934592\n") && has_record("\n22 mtime=-1.500000000\n"),
	      "%s", (char *)bytes + TAR_BLOCK);
	/* What does not fit is not cut. */
	for (size_t capacity = 0; capacity < size; capacity += 61) {
		uint8_t *small = malloc(capacity + 1);

		CHECK(small != NULL, "memory");
		CHECK(tar_header(&entry, small, capacity) == 0, "%zu of %zu bytes", capacity, size);
		free(small);
	}
}

static void check_links(void)
{
	char path[64];

	CHECK(link_table_find(1, 1) == NULL, "an empty table");
	for (uint64_t inode = 0; inode < LINKED_FILES_MAX + 10; inode++) {
		snprintf(path, sizeof(path), "file-%llu", (unsigned long long)inode);
		link_table_add(inode % 3, inode << 20, path);
	}
	CHECK(link_table_find(1, 0) == NULL, "another device");
	for (uint64_t inode = 0; inode < LINKED_FILES_MAX + 10; inode++) {
		const char *found = link_table_find(inode % 3, inode << 20);

		snprintf(path, sizeof(path), "file-%llu", (unsigned long long)inode);
		CHECK(inode < LINKED_FILES_MAX ? found != NULL && strcmp(found, path) == 0
					       : found == NULL,
		      "%s", path);
	}
}

/* A file that has become shorter, or longer, than its header says. */
static void check_content(void)
{
	enum { SHORT = 1000, CLAIMED = 700 * 1024 + 1, LONG = CLAIMED + 5000 };
	static const int sizes[] = {0, SHORT, LONG};
	const size_t whole = CLAIMED + tar_padding(CLAIMED);
	const int standard = dup(STDOUT_FILENO);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const int file = memfd_create("file", MFD_CLOEXEC);
		const int output = memfd_create("output", MFD_CLOEXEC);
		char *content = malloc(LONG), *written = malloc(whole + 1);

		CHECK(content != NULL && written != NULL && file >= 0 && output >= 0, "memory");
		memset(content, 'x', LONG);
		CHECK(pwrite(file, content, (size_t)sizes[i], 0) == sizes[i], "file");
		CHECK(dup2(output, STDOUT_FILENO) == STDOUT_FILENO, "output");
		CHECK(tar_put_content(file, CLAIMED) == 0 && tar_finish() == 0, "%s", strerror(errno));
		CHECK(lseek(output, 0, SEEK_END) == (off_t)(whole + 2 * TAR_BLOCK), "size");
		CHECK(pread(output, written, whole, 0) == (ssize_t)whole, "read");
		for (size_t at = 0; at < whole; at++)
			CHECK(written[at] == (at < (size_t)sizes[i] && at < CLAIMED ? 'x' : 0),
			      "byte %zu", at);
		free(content);
		free(written);
		close(file);
		close(output);
	}
	dup2(standard, STDOUT_FILENO);
	close(standard);
}

int main(int argc, char **argv)
{
	if (argc == 5) {
		CHECK(lsetxattr(argv[2], argv[3], argv[4], strlen(argv[4]), 0) == 0, "%s",
		      strerror(errno));
		return EXIT_SUCCESS;
	}
	if (argc == 3) {
		const int fd = open(argv[1], O_RDONLY | O_DIRECTORY);

		CHECK(fd >= 0, "%s", strerror(errno));
		return changes_write(fd, argv[2]);
	}
	check_records();
	check_plain_header();
	check_extended_header();
	check_links();
	check_content();
	printf("headers and links\n");
	return EXIT_SUCCESS;
}
