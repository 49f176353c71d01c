/*
 * Holding processes on this machine: in a group of its own, which stands for the root of a guest.
 * Where there is no cgroup v2 that can be written, it says so and ends with 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "check.h"
#include "hold.h"

enum { CHILDREN = 6, PATH_SIZE = 512, MANY = 300 };

static char base[PATH_SIZE];
static int base_fd = -1, before_fd = -1;
static pid_t children[CHILDREN], self;
static size_t child_count;
/* What each child counts, and what each has seen of its beginning. */
static volatile unsigned long *counts;
static int settled = -1;

static void on_settled(int error)
{
	settled = error;
}

static void rest(long milliseconds)
{
	const struct timespec time = {.tv_sec = milliseconds / 1000,
				      .tv_nsec = milliseconds % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void in_base(const char *name, char path[PATH_SIZE])
{
	snprintf(path, PATH_SIZE, "%.400s/%s", base, name);
}

static int make_group(const char *name)
{
	char path[PATH_SIZE];

	in_base(name, path);
	CHECK(mkdir(path, 0755) == 0 || errno == EEXIST, "%s: %s", path, strerror(errno));
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void remove_group(const char *name)
{
	char path[PATH_SIZE];

	in_base(name, path);
	for (int tries = 0; rmdir(path) != 0 && errno == EBUSY && tries < 200; tries++)
		rest(10);
}

static void clean_up(void)
{
	char name[32];

	if (getpid() != self)
		return;
	hold_end();
	for (size_t i = 0; i < child_count; i++) {
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
	}
	cgroup_enter(before_fd);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		remove_group(name);
	}
	remove_group("skerry-hold");
	remove_group("runs");
	remove_group("rests");
	remove_group("threaded");
	remove_group("");
}

/* The group that this process is in, of the hierarchy that is mounted there. */
static int open_own(const char *mount)
{
	char line[PATH_SIZE], path[PATH_SIZE * 3];
	FILE *file = fopen("/proc/self/cgroup", "r");
	int fd = -1;

	while (file != NULL && fd < 0 && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "0::", 3) != 0)
			continue;
		snprintf(path, sizeof(path), "%s%s", mount, line + 3);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (file != NULL)
		fclose(file);
	return fd;
}

static bool open_base(void)
{
	static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	char path[PATH_SIZE];

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		snprintf(path, sizeof(path), "%s/cgroup.controllers", mounts[i]);
		snprintf(base, sizeof(base), "%s/skerry-hold-test-%d", mounts[i], (int)getpid());
		if (access(path, R_OK) != 0 || mkdir(base, 0755) != 0)
			continue;
		self = getpid();
		base_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		before_fd = open_own(mounts[i]);
		atexit(clean_up);
		CHECK(base_fd >= 0 && before_fd >= 0, "%s", base);
		return true;
	}
	return false;
}

static void *count_on(void *number)
{
	for (;;)
		counts[(size_t)(uintptr_t)number]++;
	return NULL;
}

/* A child that counts; with its first thread at an end where it is so wanted. */
static void begin_child(int group_fd, bool in_thread)
{
	const size_t number = child_count++;
	pthread_t thread;

	children[number] = fork();
	CHECK(children[number] >= 0, "fork");
	if (children[number] > 0)
		return;
	/* The first word of the child: from here on it is held with the others. */
	if (group_fd < 0)
		hold_join();
	else
		cgroup_enter(group_fd);
	if (!in_thread)
		count_on((void *)(uintptr_t)number);
	pthread_create(&thread, NULL, count_on, (void *)(uintptr_t)number);
	pthread_exit(NULL);
}

static int settle(void)
{
	settled = -1;
	hold_begin(on_settled);
	for (int looks = 0; settled < 0 && looks < 4000; looks++) {
		hold_tick();
		rest(1);
	}
	return settled;
}

static void expect_counting(size_t number, bool is_counting)
{
	const unsigned long before = counts[number];

	if (!is_counting)
		rest(50);
	for (int looks = 0; is_counting && counts[number] == before && looks < 5000; looks++)
		rest(1);
	CHECK((counts[number] != before) == is_counting, "child %zu", number);
}

static void expect_no_group(const char *name)
{
	char path[PATH_SIZE];

	in_base(name, path);
	CHECK(access(path, F_OK) != 0 && errno == ENOENT, "%s is left", path);
}

static void check_hold(int runs_fd, int rests_fd)
{
	begin_child(base_fd, false);
	begin_child(base_fd, true);
	begin_child(runs_fd, false);
	begin_child(rests_fd, false);
	for (size_t i = 0; i < child_count; i++)
		expect_counting(i, true);
	cgroup_freeze(rests_fd, true);
	CHECK(settle() == 0, "%s", strerror(settled));
	begin_child(-1, false);
	for (size_t i = 0; i < child_count; i++)
		expect_counting(i, false);
	CHECK(settle() == 0, "it is held for longer: %s", strerror(settled));
	hold_end();
	for (size_t i = 0; i < child_count; i++)
		expect_counting(i, i != 3);
	CHECK(cgroup_is_asked_to_freeze(rests_fd) && cgroup_is_frozen(rests_fd), "rests");
	CHECK(!cgroup_is_asked_to_freeze(runs_fd), "runs");
	expect_no_group("skerry-hold");
	/* Those of the root are there again, whatever has become of their first thread. */
	CHECK(cgroup_move(base_fd, base_fd, open("/proc", O_RDONLY | O_CLOEXEC), USER_THREADS,
			  UINT64_MAX) == 3,
	      "threads of the root");
}

/* What a hold before could not empty goes back with the others. */
static void check_left(void)
{
	const int left_fd = make_group("skerry-hold");

	begin_child(left_fd, false);
	expect_counting(child_count - 1, true);
	CHECK(settle() == 0, "%s", strerror(settled));
	expect_counting(child_count - 1, false);
	hold_end();
	expect_counting(child_count - 1, true);
	expect_no_group("skerry-hold");
	close(left_fd);
}

static void check_failures(int runs_fd)
{
	char name[32];

	settled = -1;
	hold_begin(on_settled);
	hold_end();
	CHECK(settled == ECANCELED, "%d", settled);
	expect_no_group("skerry-hold");

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		close(make_group(name));
	}
	CHECK(settle() == E2BIG, "%s", strerror(settled));
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "many-%d", i);
		remove_group(name);
	}
	expect_counting(0, true);
	expect_counting(2, true);
	CHECK(!cgroup_is_asked_to_freeze(runs_fd), "runs");
	expect_no_group("skerry-hold");

	const int proc_fd = open("/proc", O_RDONLY | O_CLOEXEC);
	hold_open(-1, proc_fd);
	CHECK(settle() == EOPNOTSUPP, "%s", strerror(settled));
	hold_open(base_fd, proc_fd);
	CHECK(hold_tick() == -1, "nothing is under way");
}

int main(void)
{
	if (!open_base()) {
		printf("no groups (cgroup v2) that can be made here: holding is tested in a guest alone\n");
		return EXIT_SUCCESS;
	}
	counts = mmap(NULL, CHILDREN * sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(counts != MAP_FAILED, "memory");
	hold_open(base_fd, open("/proc", O_RDONLY | O_CLOEXEC));

	const int runs_fd = make_group("runs");
	check_hold(runs_fd, make_group("rests"));
	check_left();
	check_failures(runs_fd);
	printf("held and let go\n");
	return EXIT_SUCCESS;
}
