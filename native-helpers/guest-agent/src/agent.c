#include "agent.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session-table.h"
#include "watch.h"

static const struct agent *agent;
static struct watch signals = {.fd = -1};
static bool has_children;

/* One SIGCHLD may stand for many children. Orphans of the guest end here, too. */
static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		sessions_reaped(pid, status);
	has_children = pid == 0;
}

static void on_signal(void *owner, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)owner;
	(void)events;
	if (read(signals.fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		reap();
	else if (agent->asked_to_end != NULL)
		agent->asked_to_end();
}

static int watch_signals(const sigset_t *set)
{
	if (watch_open() < 0)
		return -1;
	signals = (struct watch){.fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK),
				 .on_events = on_signal};
	if (signals.fd < 0)
		return -1;
	watch_set(&signals, EPOLLIN);
	return 0;
}

int agent_init(const struct agent *of)
{
	/* What init programs are sent by halt, poweroff, reboot and Ctrl-Alt-Delete. */
	static const int taken[] = {SIGCHLD, SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGPWR};
	sigset_t set;

	agent = of;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		sigaddset(&set, taken[i]);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || watch_signals(&set) != 0)
		return -1;
	connection_init(&agent->requests);
	return 0;
}

/* An epoll instance tells of the signals of the process that added them. */
int agent_fork(void)
{
	sigset_t set;

	if (sigprocmask(SIG_BLOCK, NULL, &set) != 0)
		return -1;
	close(signals.fd);
	if (watch_signals(&set) != 0)
		return -1;
	connection_watch_anew();
	return 0;
}

static int sooner(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

void agent_run(void)
{
	int tick_ms = -1;

	for (;;) {
		const int timeout_ms =
			connection_has_work() ? 0 : sooner(sessions_timeout_ms(), tick_ms);

		if (watch_wait(timeout_ms) != 0)
			return;
		sessions_tick();
		connection_step();
		if (agent->tick != NULL)
			tick_ms = agent->tick(has_children);
	}
}
