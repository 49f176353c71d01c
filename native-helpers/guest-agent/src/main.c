/*
 * skerry-agent: PID 1 of the guest. It finds the port to the host and does what PROTOCOL.md says.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent.h"
#include "clock.h"
#include "connection.h"
#include "dispatch.h"
#include "freeze.h"
#include "hold.h"
#include "log.h"
#include "modules.h"
#include "mounts.h"
#include "power.h"
#include "rehearsal.h"
#include "root.h"
#include "sysfs.h"
#include "template.h"
#include "uevents.h"

#define PORT_NAME "skerry.agent"

enum { PORT_TIMEOUT_MS = 30000, FILES_MAX = 16 * 1024, CHILD_FILES_MAX = 512 * 1024 };

static const struct kernel_mount early_mounts[] = {
	{"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, 1},
	{"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL, 1},
	{"devtmpfs", "/dev", MS_NOSUID, "mode=0755", 1},
};

/* PID 1 must not end: the kernel would panic. */
_Noreturn static void give_up(const char *what)
{
	log_error("cannot %s: %s", what, strerror(errno));
	power_off_now();
}

static void mount_early(void)
{
	for (size_t i = 0; i < sizeof(early_mounts) / sizeof(early_mounts[0]); i++)
		if (mount_kernel(&early_mounts[i]) != 0 && errno != EBUSY)
			give_up("mount the kernel's filesystems");
}

/* Descriptors 0 to 2 belong to commands later; the agent itself speaks to the kernel's log. */
static void open_files(void)
{
	const struct rlimit limit = {.rlim_cur = FILES_MAX, .rlim_max = CHILD_FILES_MAX};
	const int null = open("/dev/null", O_RDWR);
	const int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	for (int fd = 0; fd < 3 && null >= 0; fd++)
		if (fd != null)
			dup2(null, fd);
	if (null > 2)
		close(null);
	if (log >= 0)
		log_open(log < 3 ? fcntl(log, F_DUPFD_CLOEXEC, 3) : log, 1);
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool port_is_there(void *context)
{
	return find_port(PORT_NAME, context);
}

static void open_port(void)
{
	char path[DEVICE_PATH_MAX];

	if (!uevents_wait(port_is_there, path, PORT_TIMEOUT_MS))
		give_up("find the port " PORT_NAME);

	const int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		give_up("open the port " PORT_NAME);
	connection_open(fd);
}

static void set_clock_and_seed(const struct clock_message *message, struct answer_message *answer)
{
	if (add_entropy(message->entropy, message->entropy_length) != 0)
		answer->step = "seed the random pool";
	else if (set_wall_clock(message->now_ms) != 0)
		answer->step = "set the clock";
	answer->error = errno;
	/* Nobody has seen the time and the random numbers of before. */
	hold_end();
}

static void hold(void)
{
	hold_begin(dispatch_answer_hold);
}

static void shut_down(void)
{
	/* What stands still does not hear that it is to end. */
	hold_end();
	power_off_begin();
}

static int sooner(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

static void rehearse(struct answer_message *answer)
{
	rehearsal_run(answer);
	if (!is_rehearsing())
		connection_look_anew();
}

static void end_rehearsal(void)
{
	/* An agent that does not rehearse has nothing to end. */
	if (is_rehearsing())
		rehearsal_end();
}

static int tick(bool has_children)
{
	const int power_ms = power_off_tick(has_children);

	return sooner(power_ms, sooner(freeze_tick(), hold_tick()));
}

int main(void)
{
	static const struct agent agent = {
		.requests = {.set_up = root_set_up,
			     .set_clock = set_clock_and_seed,
			     .take_identity = root_take_identity,
			     .freeze = root_freeze,
			     .thaw = root_thaw,
			     .rehearse = rehearse,
			     .end_rehearsal = end_rehearsal,
			     .hold = hold,
			     .shut_down = shut_down,
			     .write_changes = root_write_changes,
			     .work_on_files = root_work_on_files},
		.asked_to_end = shut_down,
		.tick = tick,
	};

	/* Run by hand on a host, it would mount and reboot. */
	if (getpid() != 1)
		return EXIT_FAILURE;
	umask(022);
	mount_early();
	open_files();
	if (agent_init(&agent) != 0 || uevents_open() != 0)
		give_up("start");
	load_modules("/modules/load");
	template_prepare();
	open_port();
	log_info("ready");
	agent_run();
	give_up("wait for events");
}
