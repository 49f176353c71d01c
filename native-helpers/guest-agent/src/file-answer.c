#include "file-answer.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files-failure.h"
#include "message-fields.h"
#include "user.h"

enum {
	BUFFER_SIZE = 128 * 1024,
	/* A name, a link, two accounts and numbers. */
	FILE_MAX = 2 * PATH_MAX + 2 * ACCOUNT_NAME_MAX + 512,
	KNOWN_MAX = 32,
};

/* Accounts that were looked up: most files of a directory have the same. */
struct known {
	size_t count;
	struct {
		uint32_t id;
		char name[ACCOUNT_NAME_MAX];
	} accounts[KNOWN_MAX];
};

static uint8_t buffer[BUFFER_SIZE];
static size_t used;
static size_t total;
static size_t files;
static bool is_cut;
static int failure;
static struct known users, groups;

static void flush(void)
{
	for (size_t done = 0; done < used && failure == 0;) {
		const ssize_t written = write(STDOUT_FILENO, buffer + done, used - done);

		if (written > 0)
			done += (size_t)written;
		else if (errno != EINTR)
			failure = errno;
	}
	used = 0;
}

static void put(const void *bytes, size_t length)
{
	const uint8_t *from = bytes;

	total += length;
	while (length > 0) {
		const size_t room = BUFFER_SIZE - used;
		const size_t piece = length < room ? length : room;

		memcpy(buffer + used, from, piece);
		used += piece;
		from += piece;
		length -= piece;
		if (used == BUFFER_SIZE)
			flush();
	}
}

/* The header of a field whose value follows. */
static void put_field(uint16_t tag, const void *bytes, size_t length)
{
	const uint8_t header[FIELD_HEADER_SIZE] = {
		(uint8_t)tag,		(uint8_t)(tag >> 8),	(uint8_t)length,
		(uint8_t)(length >> 8), (uint8_t)(length >> 16), (uint8_t)(length >> 24)};

	put(header, sizeof(header));
	put(bytes, length);
}

static const char *name_of(uint32_t id, struct known *known,
			   void (*find)(uint32_t id, char name[ACCOUNT_NAME_MAX]))
{
	for (size_t i = 0; i < known->count; i++)
		if (known->accounts[i].id == id)
			return known->accounts[i].name;
	/* More than that is unusual enough to be looked up again. */
	if (known->count == KNOWN_MAX)
		known->count--;
	known->accounts[known->count].id = id;
	find(id, known->accounts[known->count].name);
	return known->accounts[known->count++].name;
}

static int64_t time_ms(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000 + time->tv_nsec / 1000000;
}

void file_version(const struct stat *status, char version[FILE_VERSION_MAX])
{
	snprintf(version, FILE_VERSION_MAX, "%llx-%llx.%lx-%llx.%lx",
		 (unsigned long long)status->st_size, (unsigned long long)status->st_mtim.tv_sec,
		 status->st_mtim.tv_nsec, (unsigned long long)status->st_ctim.tv_sec,
		 status->st_ctim.tv_nsec);
}

static void put_link(struct fields_writer *writer, const struct file_answer *file)
{
	char target[PATH_MAX];
	struct stat status;
	const ssize_t length =
		readlinkat(file->directory_fd, file->link_name, target, sizeof(target));

	if (length < 0)
		return;
	fields_put_bytes(writer, TAG_TARGET, target, (size_t)length);
	if (fstatat(file->directory_fd, file->link_name, &status, 0) == 0)
		fields_put_u32(writer, TAG_LEADS_TO_DIRECTORY, S_ISDIR(status.st_mode));
}

static void put_account(struct fields_writer *writer, uint16_t tag, const char *name)
{
	if (name[0] != '\0')
		fields_put_text(writer, tag, name);
}

bool answer_put_file(const struct file_answer *file)
{
	static uint8_t bytes[FILE_MAX];
	struct fields_writer writer = {.bytes = bytes, .capacity = sizeof(bytes)};
	const struct stat *status = file->status;

	if (files == FILES_LISTED_MAX || total + FILE_MAX > ANSWER_MAX_BYTES) {
		answer_put_cut();
		return false;
	}
	files++;
	fields_put_text(&writer, TAG_FILE_NAME, file->name);
	fields_put_u32(&writer, TAG_FILE_MODE, status->st_mode);
	fields_put_u32(&writer, TAG_UID, status->st_uid);
	fields_put_u32(&writer, TAG_GID, status->st_gid);
	fields_put_u64(&writer, TAG_FILE_SIZE, (uint64_t)status->st_size);
	fields_put_u64(&writer, TAG_MODIFIED_AT_MS, (uint64_t)time_ms(&status->st_mtim));
	put_account(&writer, TAG_USER, name_of(status->st_uid, &users, user_name));
	put_account(&writer, TAG_GROUP, name_of(status->st_gid, &groups, group_name));
	if (file->change != CHANGE_NONE)
		fields_put_u32(&writer, TAG_CHANGE, file->change);
	if (S_ISLNK(status->st_mode) && file->directory_fd != -1)
		put_link(&writer, file);
	if (file->has_version) {
		char version[FILE_VERSION_MAX];

		file_version(status, version);
		fields_put_text(&writer, TAG_FILE_VERSION, version);
	}
	put_field(TAG_FILE, bytes, writer.length);
	return failure == 0;
}

void answer_put_cut(void)
{
	static const uint8_t yes[4] = {1};

	if (!is_cut)
		put_field(TAG_IS_TRUNCATED, yes, sizeof(yes));
	is_cut = true;
}

void answer_put_content(const void *bytes, size_t length)
{
	put_field(TAG_CONTENT, bytes, length);
}

int answer_finish(void)
{
	flush();
	if (failure == 0)
		return 0;
	errno = failure;
	return files_fail("answer");
}
