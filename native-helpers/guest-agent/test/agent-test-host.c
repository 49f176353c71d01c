/*
 * The agent without a guest: it serves a unix socket on this machine, so that commands, terminals
 * and flow control are tested in a second. It assembles no root and never powers anything off.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "agent.h"
#include "connection.h"
#include "dispatch.h"
#include "files.h"
#include "watch.h"

static struct watch listener = {.fd = -1};
static bool is_ending;
/* Directories that stand for the root of an overlay and what it is joined of, where a test has them. */
static struct files_place place = {.root = "", .upper_fd = -1, .lower_fd = -1, .hostname = "box"};

static void wait_for_host(void)
{
	watch_set(&listener, EPOLLIN);
}

static void on_host(void *owner, uint32_t events)
{
	const int fd = accept4(listener.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)owner;
	(void)events;
	if (fd < 0)
		return;
	/* One at a time, as with the port of a guest. */
	watch_set(&listener, 0);
	connection_open(fd);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 8) != 0)
		return -1;
	listener = (struct watch){.fd = fd, .on_events = on_host};
	watch_set(&listener, EPOLLIN);
	return 0;
}

/* A host name that a test asks for says how SETUP is to end. */
static void set_up(const struct setup_message *message, struct answer_message *answer)
{
	if (strcmp(message->hostname, "fails") == 0) {
		answer->step = "mount the root";
		answer->error = ENODEV;
	}
	if (strcmp(message->hostname, "fails-at-a-patch") == 0) {
		answer->step = "apply the patches";
		answer->error = EEXIST;
		answer->patch = (uint32_t)message->patch_count;
	}
}

static void set_clock(const struct clock_message *message, struct answer_message *answer)
{
	(void)message;
	(void)answer;
}

/* A host name that a test asks for says how IDENTITY is to end. */
static void take_identity(const char *hostname, struct answer_message *answer)
{
	if (strcmp(hostname, "fails") != 0)
		return;
	answer->step = "write a machine id";
	answer->error = EROFS;
}

static bool is_frozen;

static void freeze(struct answer_message *answer)
{
	if (is_frozen) {
		answer->step = "freeze the writable disk";
		answer->error = EBUSY;
	}
	is_frozen = true;
}

static void thaw(struct answer_message *answer)
{
	if (!is_frozen) {
		answer->step = "thaw the writable disk";
		answer->error = EINVAL;
	}
	is_frozen = false;
}

/* Whether the disk is frozen says how HOLD is to end, and it ends later. */
static bool hold_is_due;

static void hold(void)
{
	hold_is_due = true;
}

/* As many bytes as the windows of several connections, and a word about it. */
static int write_changes(void)
{
	static char piece[64 * 1024];

	memset(piece, 'c', sizeof(piece));
	for (int i = 0; i < 64; i++)
		if (write(STDOUT_FILENO, piece, sizeof(piece)) != (ssize_t)sizeof(piece))
			return EXIT_FAILURE;
	return write(STDERR_FILENO, "left out\n", 9) == 9 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int work_on_files(const struct files_message *message)
{
	return files_run(message, &place);
}

static int open_directory(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void end(void)
{
	is_ending = true;
}

static int tick(bool has_children)
{
	(void)has_children;
	if (hold_is_due) {
		hold_is_due = false;
		dispatch_answer_hold(is_frozen ? ETIMEDOUT : 0);
		return 0;
	}
	if (!is_ending)
		return -1;
	connection_finish();
	exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
	static const struct agent agent = {
		.requests = {.set_up = set_up,
			     .set_clock = set_clock,
			     .take_identity = take_identity,
			     .freeze = freeze,
			     .thaw = thaw,
			     .hold = hold,
			     .shut_down = end,
			     .write_changes = write_changes,
			     .work_on_files = work_on_files,
			     .host_left = wait_for_host},
		.asked_to_end = end,
		.tick = tick,
	};
	const struct rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if ((argc != 2 && argc != 5) || null < 0)
		return EXIT_FAILURE;
	if (argc == 5) {
		place.root = argv[2];
		place.upper_fd = open_directory(argv[3]);
		place.lower_fd = open_directory(argv[4]);
	}
	umask(022);
	setrlimit(RLIMIT_NOFILE, &limit);
	/* As PID 1 does: orphans of a command come here. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (agent_init(&agent) != 0 || listen_at(argv[1]) != 0) {
		perror("agent-test-host");
		return EXIT_FAILURE;
	}
	printf("listening\n");
	fflush(stdout);
	agent_run();
	return EXIT_FAILURE;
}
