#include "file-transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file-answer.h"
#include "files-failure.h"
#include "files-user.h"
#include "files.h"
#include "guest-path.h"
#include "layer-entries.h"
#include "tar-tree.h"
#include "untar.h"

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct guest_path *)a)->name, ((const struct guest_path *)b)->name);
}

/* Two files of one name would be one in the tar. */
static int check_names(const struct files_message *message)
{
	struct guest_path *all = calloc(message->path_count, sizeof(*all));
	int code = 0;

	if (all == NULL)
		return files_fail(message->paths[0]);
	for (size_t i = 0; i < message->path_count && code == 0; i++)
		if (guest_path_split(message->paths[i], &all[i]) != 0)
			code = files_fail(message->paths[i]);
	if (code == 0)
		qsort(all, message->path_count, sizeof(*all), compare_names);
	for (size_t i = 1; i < message->path_count && code == 0; i++)
		if (compare_names(&all[i - 1], &all[i]) == 0)
			code = files_refuse(EEXIST, all[i].name, "is the name of two of these files");
	free(all);
	return code;
}

static int put_path(const char *path, bool follow)
{
	char real[PATH_MAX];
	struct guest_path wanted, found;
	int fd, result;

	if (guest_path_split(path, &wanted) != 0 ||
	    (follow && realpath(path, real) == NULL) ||
	    guest_path_split(follow ? real : path, &found) != 0)
		return files_fail(path);
	fd = guest_path_open_parent(&found);
	if (fd < 0)
		return files_fail(path);
	result = tar_tree_put(fd, found.name, wanted.name);

	const int code = result == 0 ? 0 : files_code(errno);
	close(fd);
	return code;
}

static int put_contents(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return files_fail(path);
	return tar_tree_put_contents(fd) != 0 ? files_code(errno) : 0;
}

int files_tar(const struct files_message *message)
{
	int code;

	if (message->contents != 0) {
		code = put_contents(message->paths[0]);
	} else {
		code = check_names(message);
		for (size_t i = 0; i < message->path_count && code == 0; i++)
			code = put_path(message->paths[i], message->follow != 0);
	}
	if (code == 0 && tar_finish() != 0)
		code = files_fail(message->paths[0]);
	report_more_left_out();
	if (code != 0 || passed_over() == 0)
		return code;
	return tar_entry_count() == 0 ? files_code(passed_over_error()) : FILES_LEFT_OUT;
}

int files_measure(const struct files_message *message)
{
	struct stat total = {.st_mode = S_IFREG};
	int code;

	tar_count_only();
	code = files_tar(message);
	if (code != 0 && code != FILES_LEFT_OUT)
		return code;
	total.st_size = (off_t)tar_counted_bytes();
	answer_put_file(&(struct file_answer){.name = "tar", .status = &total, .directory_fd = -1});
	return answer_finish();
}

int files_untar(const struct files_message *message)
{
	const char *path = message->paths[0];
	struct user user;
	struct untar_options options = {.keeps_owners = message->keep_owners != 0};
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int code = fd < 0 ? files_fail(path) : files_find_user(message->user, &user);

	if (code != 0)
		return code;
	options.uid = user.uid;
	options.gid = user.gid;
	return untar(STDIN_FILENO, fd, &options);
}
