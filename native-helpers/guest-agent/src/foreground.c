#include "foreground.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool foreground_name(int master, pid_t shell, char name[PROGRAM_NAME_SIZE])
{
	char path[32];
	pid_t group = 0;
	ssize_t count;
	int fd;

	if (master < 0 || ioctl(master, TIOCGPGRP, &group) != 0 || group <= 0 || group == shell)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)group);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	count = read(fd, name, PROGRAM_NAME_SIZE - 1);
	close(fd);
	if (count <= 0)
		return false;
	name[count] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return name[0] != '\0';
}
