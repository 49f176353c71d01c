#include "user.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 64 * 1024, LINES_MAX = 100000, FIELDS_MAX = 7, NAME_MAX_BYTES = 256 };

/* Opens a table only where it is a file: a FIFO in an image must not hold the agent up. */
static FILE *open_table(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		return NULL;
	}
	return fdopen(fd, "r");
}

/* Reads the next line whole, passing over those that are longer than the buffer. */
static bool read_line(FILE *table, char *line)
{
	bool is_tail = false;

	while (fgets(line, LINE_MAX_BYTES, table) != NULL) {
		char *end = strchr(line, '\n');
		const bool was_tail = is_tail;

		is_tail = end == NULL && !feof(table);
		if (is_tail || was_tail)
			continue;
		if (end != NULL)
			*end = '\0';
		return true;
	}
	return false;
}

static size_t split(char *line, char *fields[FIELDS_MAX])
{
	size_t count = 0;

	while (line != NULL && count < FIELDS_MAX)
		fields[count++] = strsep(&line, ":");
	return count;
}

static bool read_id(const char *text, uint32_t *id)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	const unsigned long long value = strtoull(text, &end, 10);
	/* The highest id means "do not change" to the kernel. */
	if (errno != 0 || *end != '\0' || value >= UINT32_MAX)
		return false;
	*id = (uint32_t)value;
	return true;
}

static bool matches(char *fields[FIELDS_MAX], const char *wanted, bool is_id, uint32_t id)
{
	uint32_t own;

	if (strcmp(fields[0], wanted) == 0)
		return true;
	return is_id && read_id(fields[2], &own) && own == id;
}

/* Looks the user up; `name` becomes the entry's, for the search in the groups. */
static bool find_user(const char *wanted, struct user *user, char *name, char *line)
{
	uint32_t id = 0;
	const bool is_id = read_id(wanted, &id);
	FILE *table = open_table("/etc/passwd");
	bool found = false;

	for (int i = 0; table != NULL && !found && i < LINES_MAX && read_line(table, line); i++) {
		char *fields[FIELDS_MAX];
		uint32_t uid, gid;

		if (split(line, fields) < 6 || !matches(fields, wanted, is_id, id))
			continue;
		if (!read_id(fields[2], &uid) || !read_id(fields[3], &gid))
			continue;
		user->uid = uid;
		user->gid = gid;
		snprintf(name, NAME_MAX_BYTES, "%s", fields[0]);
		snprintf(user->home, sizeof(user->home), "%s", fields[5]);
		found = true;
	}
	if (table != NULL)
		fclose(table);
	if (!found && is_id) {
		user->uid = id;
		found = true;
	}
	return found;
}

static bool find_group(const char *wanted, gid_t *gid, char *line)
{
	uint32_t id = 0;
	const bool is_id = read_id(wanted, &id);
	FILE *table = open_table("/etc/group");
	bool found = false;

	for (int i = 0; table != NULL && !found && i < LINES_MAX && read_line(table, line); i++) {
		char *fields[FIELDS_MAX];
		uint32_t own;

		if (split(line, fields) < 3 || !matches(fields, wanted, is_id, id))
			continue;
		if (!read_id(fields[2], &own))
			continue;
		*gid = own;
		found = true;
	}
	if (table != NULL)
		fclose(table);
	if (!found && is_id) {
		*gid = id;
		found = true;
	}
	return found;
}

static bool lists(char *members, const char *name)
{
	char *member;

	while ((member = strsep(&members, ",")) != NULL)
		if (strcmp(member, name) == 0)
			return true;
	return false;
}

static void find_supplementary(const char *name, struct user *user, char *line)
{
	FILE *table = open_table("/etc/group");

	for (int i = 0; table != NULL && i < LINES_MAX && read_line(table, line); i++) {
		char *fields[FIELDS_MAX];
		uint32_t gid;

		if (user->group_count == GROUPS_MAX)
			break;
		if (split(line, fields) < 4 || !lists(fields[3], name))
			continue;
		if (read_id(fields[2], &gid))
			user->groups[user->group_count++] = gid;
	}
	if (table != NULL)
		fclose(table);
}

static bool find_with(const char *wanted, const char *group, struct user *user, char *line)
{
	char name[NAME_MAX_BYTES] = "";

	if (!find_user(wanted, user, name, line))
		return false;
	if (group != NULL)
		return find_group(group, &user->gid, line);
	if (name[0] != '\0')
		find_supplementary(name, user, line);
	return true;
}

int user_find(const char *specification, struct user *user)
{
	char wanted[NAME_MAX_BYTES];
	char *line = malloc(LINE_MAX_BYTES);

	*user = (struct user){.home = "/"};
	if (line == NULL)
		return -1;
	if (specification == NULL)
		specification = "0";
	if (strlen(specification) >= sizeof(wanted)) {
		free(line);
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(wanted, specification);

	char *group = strchr(wanted, ':');
	if (group != NULL)
		*group++ = '\0';

	const bool found = wanted[0] != '\0' && (group == NULL || group[0] != '\0') &&
			   find_with(wanted, group, user, line);
	free(line);
	if (!found) {
		errno = ENOENT;
		return -1;
	}
	return 0;
}

static void find_name(const char *path, uint32_t id, char name[ACCOUNT_NAME_MAX])
{
	char *line = malloc(LINE_MAX_BYTES);
	FILE *table = line == NULL ? NULL : open_table(path);

	name[0] = '\0';
	for (int i = 0; table != NULL && i < LINES_MAX && read_line(table, line); i++) {
		char *fields[FIELDS_MAX];
		uint32_t own;

		if (split(line, fields) < 3 || !read_id(fields[2], &own) || own != id)
			continue;
		if (strlen(fields[0]) < ACCOUNT_NAME_MAX)
			strcpy(name, fields[0]);
		break;
	}
	if (table != NULL)
		fclose(table);
	free(line);
}

void user_name(uint32_t uid, char name[ACCOUNT_NAME_MAX])
{
	find_name("/etc/passwd", uid, name);
}

void group_name(uint32_t gid, char name[ACCOUNT_NAME_MAX])
{
	find_name("/etc/group", gid, name);
}
