#include "hold.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "log.h"

/* For the processes of the root, which is the one group that cannot be frozen. */
#define OWN_GROUP "skerry-hold"

enum {
	GROUPS_MAX = 256,
	/* One that waits for a disk stands still when it has it. */
	SETTLE_MS = 1000,
	LOOK_MS = 2,
	/* A host that dies meanwhile must not leave a guest that hangs. */
	LONGEST_MS = 20000,
	/* Where the clock goes on while the machine stands still, that counts for no more than this. */
	STEP_MS = 1000,
	/* Each finds what was begun in the moment of the one before. */
	EMPTY_TRIES = 16,
};

/* A group below the root, which has been asked to stand still. */
struct group {
	uint64_t number;
	int fd;
	/* It was so before, and stays so. */
	bool was_frozen;
};

static int root_fd = -1;
static int proc_fd = -1;

static enum { FREE, SETTLING, HELD } phase;
static uint64_t looked_at_ms;
/* For which it may last. */
static uint64_t left_ms;
static void (*tell)(int error);
static int own_fd = -1;
static struct group groups[GROUPS_MAX];
static size_t group_count;

void hold_open(int cgroup_fd, int proc)
{
	root_fd = cgroup_fd;
	proc_fd = proc;
}

/*
 * Before all others, as long as it is at it: among many that are busy it would have its turn too
 * rarely to stop them in time. What it begins meanwhile is as any other.
 */
static void hurry(bool is_hurried)
{
	const struct sched_param first = {.sched_priority = 1}, usual = {.sched_priority = 0};

	/* The kernel's own call: a C library may have none. Where it is refused it is as it was. */
	if (is_hurried)
		syscall(SYS_sched_setscheduler, 0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
	else
		syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &usual);
}

static int make_own_group(void)
{
	/* One of before in which something was left comes back into the root with the others. */
	if (mkdirat(root_fd, OWN_GROUP, 0755) != 0 && errno != EEXIST)
		return -1;
	own_fd = openat(root_fd, OWN_GROUP, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* First: whatever comes into it stands still at once, and begins nothing more. */
	return own_fd < 0 ? -1 : cgroup_freeze(own_fd, true);
}

static bool is_known(uint64_t number)
{
	for (size_t i = 0; i < group_count; i++)
		if (groups[i].number == number)
			return true;
	return false;
}

static int take_group(const char *name, uint64_t number)
{
	struct group *group = &groups[group_count];

	if (strcmp(name, OWN_GROUP) == 0 || is_known(number))
		return 0;
	if (group_count == GROUPS_MAX) {
		errno = E2BIG;
		return -1;
	}
	*group = (struct group){
		.number = number,
		.fd = openat(root_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
	if (group->fd < 0)
		return errno == ENOENT ? 0 : -1;
	/* Its processes would be moved as a whole, and could not be put back as they were. */
	if (cgroup_is_threaded(group->fd)) {
		close(group->fd);
		errno = EOPNOTSUPP;
		return -1;
	}
	group->was_frozen = cgroup_is_asked_to_freeze(group->fd);
	group_count++;
	/* Whoever moves all that there is out of the root moves these, and no group with one freezes. */
	cgroup_move(group->fd, root_fd, proc_fd, KERNEL_THREADS, UINT64_MAX);
	if (group->was_frozen || cgroup_freeze(group->fd, true) == 0)
		return 0;
	return errno == ENOENT || errno == ENODEV ? 0 : -1;
}

/* Whether all stand still, and nothing has appeared that does not; -1 with errno. */
static int look(void)
{
	const size_t known = group_count;
	bool is_still = cgroup_is_frozen(own_fd);
	int moved;

	for (size_t i = 0; i < group_count && is_still; i++)
		is_still = cgroup_is_frozen(groups[i].fd);
	if (cgroup_each_child(root_fd, take_group) != 0)
		return -1;
	moved = cgroup_move(root_fd, own_fd, proc_fd, USER_THREADS, uptime_ms() + left_ms);
	if (moved < 0)
		return -1;
	return is_still && moved == 0 && group_count == known;
}

/* They go on as they come back into the root. */
static void empty_own_group(void)
{
	int failed = -1;

	if (own_fd < 0)
		return;
	for (int tries = 0; tries < EMPTY_TRIES && failed != 0; tries++) {
		cgroup_move(own_fd, root_fd, proc_fd, USER_THREADS, UINT64_MAX);
		failed = unlinkat(root_fd, OWN_GROUP, AT_REMOVEDIR);
	}
	if (failed != 0) {
		log_error("cannot empty " OWN_GROUP ": %s", strerror(errno));
		cgroup_freeze(own_fd, false);
	}
	close(own_fd);
	own_fd = -1;
}

static void let_go(void)
{
	phase = FREE;
	hurry(true);
	empty_own_group();
	for (size_t i = 0; i < group_count; i++) {
		if (!groups[i].was_frozen && cgroup_freeze(groups[i].fd, false) != 0 &&
		    errno != ENOENT && errno != ENODEV)
			log_error("cannot let a group go on: %s", strerror(errno));
		close(groups[i].fd);
	}
	group_count = 0;
	hurry(false);
}

static void settle(int error)
{
	phase = HELD;
	left_ms = LONGEST_MS;
	hurry(false);
	if (error != 0)
		let_go();
	tell(error);
}

void hold_begin(void (*on_settled)(int error))
{
	tell = on_settled;
	if (root_fd < 0 || proc_fd < 0) {
		tell(EOPNOTSUPP);
		return;
	}
	if (phase != FREE) {
		/* Of a host before this one. One that settles tells when it has. */
		if (phase == HELD)
			settle(0);
		return;
	}
	phase = SETTLING;
	left_ms = SETTLE_MS;
	hurry(true);
	looked_at_ms = uptime_ms();
	/* Whoever put this process into a group would have it stand still as well. */
	if (cgroup_enter(root_fd) != 0 || make_own_group() != 0)
		settle(errno);
}

void hold_end(void)
{
	if (phase == SETTLING)
		settle(ECANCELED);
	else if (phase == HELD)
		let_go();
}

void hold_join(void)
{
	if (phase != FREE)
		cgroup_enter(own_fd);
}

static void pass_time(void)
{
	const uint64_t now_ms = uptime_ms();
	uint64_t passed_ms = now_ms - looked_at_ms;

	looked_at_ms = now_ms;
	if (passed_ms > STEP_MS)
		passed_ms = STEP_MS;
	left_ms = passed_ms < left_ms ? left_ms - passed_ms : 0;
}

int hold_tick(void)
{
	int is_held;

	if (phase == FREE)
		return -1;
	pass_time();
	if (phase == HELD) {
		if (left_ms > 0)
			return left_ms < STEP_MS ? (int)left_ms : STEP_MS;
		log_error("the host has left every process standing still; letting them go on");
		let_go();
		return -1;
	}
	is_held = look();
	if (is_held == 0 && left_ms > 0)
		return LOOK_MS;
	if (is_held > 0)
		settle(0);
	else
		settle(is_held < 0 ? errno : ETIMEDOUT);
	/* At once, so that the answer is sent. */
	return 0;
}
