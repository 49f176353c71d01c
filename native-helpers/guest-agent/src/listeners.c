#include "listeners.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of each table, and of processes and their descriptors together. */
enum { LINES_MAX = 4096, LOOKS_MAX = 4096 };

struct search {
	struct listener *listeners;
	size_t count;
	/* Those whose command is not known. */
	size_t unknown;
	int looks_left;
};

static bool is_known(const struct search *search, const struct listener *listener)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct listener *known = &search->listeners[i];

		if (known->protocol == listener->protocol && known->port == listener->port &&
		    known->address_length == listener->address_length &&
		    memcmp(known->address, listener->address, known->address_length) == 0)
			return true;
	}
	return false;
}

static void read_table(const char *path, enum protocol protocol, struct search *search)
{
	/* Something may be mounted there that would keep us waiting. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *table = fd < 0 ? NULL : fdopen(fd, "r");
	char line[512];

	if (table == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (int lines = 0; lines < LINES_MAX && search->count < LISTENERS_MAX; lines++) {
		struct listener listener;

		if (fgets(line, sizeof(line), table) == NULL)
			break;
		if (listener_parse(line, protocol, &listener) && !is_known(search, &listener))
			search->listeners[search->count++] = listener;
	}
	fclose(table);
}

static void read_command(int process_fd, char command[COMMAND_SIZE])
{
	const int fd = openat(process_fd, "comm", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return;
	length = read(fd, command, COMMAND_SIZE - 1);
	close(fd);
	command[length > 0 ? length : 0] = '\0';
	command[strcspn(command, "\n")] = '\0';
}

static void match(int process_fd, uint64_t inode, struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		struct listener *listener = &search->listeners[i];

		if (listener->inode != inode || listener->command[0] != '\0')
			continue;
		read_command(process_fd, listener->command);
		search->unknown -= listener->command[0] != '\0';
	}
}

static void look_at_descriptors(int process_fd, struct search *search)
{
	const int fd = openat(process_fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *descriptors = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (descriptors == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (search->unknown > 0 && search->looks_left > 0 &&
	       (entry = readdir(descriptors)) != NULL) {
		char link[64];
		ssize_t length;

		if (entry->d_name[0] == '.')
			continue;
		search->looks_left--;
		length = readlinkat(fd, entry->d_name, link, sizeof(link) - 1);
		link[length > 0 ? length : 0] = '\0';

		const uint64_t inode = socket_inode(link);
		if (inode != 0)
			match(process_fd, inode, search);
	}
	closedir(descriptors);
}

static void find_commands(struct search *search)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;

	while (processes != NULL && search->unknown > 0 && search->looks_left > 0 &&
	       (entry = readdir(processes)) != NULL) {
		int fd;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		search->looks_left--;
		fd = openat(dirfd(processes), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		look_at_descriptors(fd, search);
		close(fd);
	}
	if (processes != NULL)
		closedir(processes);
}

size_t listeners_find(struct listener listeners[LISTENERS_MAX])
{
	struct search search = {.listeners = listeners, .looks_left = LOOKS_MAX};

	read_table("/proc/net/tcp", PROTOCOL_TCP, &search);
	read_table("/proc/net/tcp6", PROTOCOL_TCP, &search);
	read_table("/proc/net/udp", PROTOCOL_UDP, &search);
	read_table("/proc/net/udp6", PROTOCOL_UDP, &search);
	search.unknown = search.count;
	find_commands(&search);
	return search.count;
}
