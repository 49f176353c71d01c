#include "file-list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "file-answer.h"
#include "file-changes.h"
#include "files-failure.h"

static bool put_entry(int directory_fd, const char *name, struct layers *layers)
{
	struct stat status;

	/* What has gone since is no entry any more. */
	if (fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	return answer_put_file(&(struct file_answer){.name = name,
						     .status = &status,
						     .directory_fd = directory_fd,
						     .link_name = name,
						     .change = layers_change(layers, name)});
}

int files_list(const char *path, const struct files_place *place)
{
	struct layers layers;
	const struct dirent *entry;
	bool has_room = true;
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (directory == NULL)
		return files_fail(path);
	layers_open(place, fd, path, &layers);
	while (has_room && (entry = (errno = 0, readdir(directory))) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			has_room = put_entry(fd, entry->d_name, &layers);
	if (has_room && errno != 0)
		return files_fail(path);
	if (has_room)
		layers_put_removed(&layers, fd);
	layers_close(&layers);
	closedir(directory);
	return answer_finish();
}

/* The last part of a path; of the root, a slash. */
static const char *last_part(const char *path, char name[NAME_MAX + 1])
{
	size_t end = strlen(path), begin;

	while (end > 0 && path[end - 1] == '/')
		end--;
	for (begin = end; begin > 0 && path[begin - 1] != '/';)
		begin--;
	if (end == begin || end - begin > NAME_MAX)
		return "/";
	memcpy(name, path + begin, end - begin);
	name[end - begin] = '\0';
	return name;
}

int files_stat(const char *path)
{
	char name[NAME_MAX + 1];
	struct stat status;

	if (lstat(path, &status) != 0)
		return files_fail(path);
	answer_put_file(&(struct file_answer){.name = last_part(path, name),
					      .status = &status,
					      .directory_fd = AT_FDCWD,
					      .link_name = path});
	return answer_finish();
}
