/*
 * A terminal whose both sides are in the guest, for bench/guest-terminal.ts: what the guest alone
 * can do.
 *   drain COMMAND…       runs a command in a terminal and throws its output away
 *   echo COUNT COMMAND…  does so, and meanwhile types into another terminal: microseconds of each echo
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_US = 20000 };

static pid_t drain(char **command)
{
	static char bytes[65536];
	const pid_t drainer = fork();
	int terminal;

	if (drainer != 0)
		return drainer;
	if (forkpty(&terminal, NULL, NULL, NULL) == 0) {
		execvp(command[0], command);
		_exit(127);
	}
	while (read(terminal, bytes, sizeof(bytes)) > 0)
		continue;
	_exit(0);
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static int echo(int count)
{
	int typed;
	int shown;
	char byte;

	if (openpty(&typed, &shown, NULL, NULL, NULL) != 0)
		return 1;
	for (int key = 0; key < count; key++) {
		const long from_us = now_us();

		if (write(typed, "x", 1) != 1 || read(typed, &byte, 1) != 1)
			return 1;
		printf("%ld\n", now_us() - from_us);
		usleep(PAUSE_US);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "drain") == 0)
		return waitpid(drain(argv + 2), NULL, 0) > 0 ? 0 : 1;
	if (argc < 4 || strcmp(argv[1], "echo") != 0)
		return 2;

	const pid_t flood = drain(argv + 3);
	const int result = echo(atoi(argv[2]));

	fflush(stdout);
	/* Its terminal goes with it, and so does what runs there. */
	kill(flood, SIGKILL);
	return result;
}
