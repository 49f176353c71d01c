#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "clock.h"

/* The command runs, or the child has said why not. */
static void on_started(void *owner, uint32_t events)
{
	struct session *session = owner;
	const ssize_t count =
		read(session->start.fd, &session->failure, sizeof(session->failure));

	(void)events;
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	session->state = count == (ssize_t)sizeof(session->failure) ? SESSION_FAILED
								     : SESSION_RUNNING;
	session->report_start = true;
	watch_close(&session->start);
	if (session->terminal_fd >= 0)
		close(session->terminal_fd);
	session->terminal_fd = -1;
	if (session->state != SESSION_RUNNING)
		return;
	channel_read(&session->output, 0);
	channel_read(&session->error, 0);
	channel_write(&session->input, 0);
}

static void keep_command(struct session *session, char *const *argv)
{
	struct fields_writer writer = {.bytes = session->command,
				       .capacity = sizeof(session->command)};

	for (; *argv != NULL && !writer.overflow; argv++)
		fields_put_text(&writer, TAG_ARGUMENT, *argv);
	session->command_length = writer.length;
}

static void init_channel(struct channel *channel, struct session *session, int fd,
			 void (*on_events)(void *, uint32_t))
{
	channel->session = session;
	channel->watch = (struct watch){.fd = fd, .on_events = on_events, .owner = channel};
}

static int open_rings(struct session *session)
{
	return ring_init(&session->input.ring, false) != 0 ||
			       ring_init(&session->output.ring, session->tty) != 0 ||
			       (!session->tty && ring_init(&session->error.ring, false) != 0)
		       ? -1
		       : 0;
}

static int start_command(struct session *session, const struct exec_message *request,
			 int (*work)(void))
{
	struct spawned spawned;

	if (open_rings(session) != 0 || spawn(request, work, &spawned) != 0)
		return -1;
	/* Reading and writing wait for different things, so that a terminal needs two watches. */
	if (session->tty)
		spawned.stdin_fd = fcntl(spawned.stdout_fd, F_DUPFD_CLOEXEC, 3);
	session->pid = spawned.pid;
	session->terminal_fd = spawned.terminal_fd;
	session->input.watch.fd = spawned.stdin_fd;
	session->output.watch.fd = spawned.stdout_fd;
	session->error.watch.fd = spawned.stderr_fd;
	session->start.fd = spawned.status_fd;
	watch_set(&session->start, EPOLLIN);
	return 0;
}

struct session *session_start(uint32_t id, const struct exec_message *request, int (*work)(void))
{
	struct session *session = calloc(1, sizeof(*session));

	if (session == NULL)
		return NULL;
	session->id = id;
	session->tty = request->tty;
	session->ends_with_host = work != NULL;
	session->attached = true;
	session->started_at_ms = wall_clock_ms();
	session->terminal_fd = -1;
	session->start = (struct watch){.fd = -1, .on_events = on_started, .owner = session};
	init_channel(&session->input, session, -1, channel_write);
	init_channel(&session->output, session, -1, channel_read);
	init_channel(&session->error, session, -1, channel_read);
	sizes_begin(&session->sizes, request->rows, request->columns);
	keep_command(session, request->argv);
	if (start_command(session, request, work) != 0) {
		const int error = errno;

		session_free(session);
		errno = error;
		return NULL;
	}
	return session;
}

void session_free(struct session *session)
{
	if (session->pid > 0 && !session->reaped)
		kill(-session->pid, SIGKILL), kill(session->pid, SIGKILL);
	watch_close(&session->start);
	watch_close(&session->input.watch);
	watch_close(&session->output.watch);
	watch_close(&session->error.watch);
	if (session->terminal_fd >= 0)
		close(session->terminal_fd);
	ring_free(&session->input.ring);
	ring_free(&session->output.ring);
	ring_free(&session->error.ring);
	free(session);
}

void session_attach(struct session *session)
{
	session->attached = true;
	session->report_attached = true;
	session->report_exit = session->state == SESSION_ENDED;
	if (session->used < session->output.ring.acked)
		session->used = session->output.ring.acked;
	ring_rewind(&session->output.ring);
	ring_rewind(&session->error.ring);
	channel_watch_output(&session->output);
	channel_watch_output(&session->error);
}

void session_detach(struct session *session)
{
	session->attached = false;
	session->report_attached = false;
	session->report_foreground = false;
	channel_watch_output(&session->output);
	channel_watch_output(&session->error);
}

bool session_input(struct session *session, const uint8_t *bytes, size_t length)
{
	struct ring *ring = &session->input.ring;
	uint8_t *at;

	if (length > ring_room(ring))
		return false;
	/* Whoever types waits for what it brings out. */
	channel_hurry(&session->output);
	channel_hurry(&session->error);
	if (session->input.watch.fd < 0 || session->input_ends) {
		session->credit += (uint32_t)length;
		return true;
	}
	while (length > 0) {
		const size_t space = ring_space(ring, false, &at);
		const size_t count = length < space ? length : space;

		memcpy(at, bytes, count);
		ring_added(ring, count);
		bytes += count;
		length -= count;
	}
	if (session->state == SESSION_RUNNING)
		channel_write(&session->input, 0);
	return true;
}

void session_end_input(struct session *session)
{
	session->input_ends = true;
	if (session->state == SESSION_RUNNING)
		channel_write(&session->input, 0);
}

void session_resize(struct session *session, const struct resize_message *size)
{
	const struct winsize winsize = {.ws_row = size->rows, .ws_col = size->columns};

	/* Fails only when the terminal has ended, and then nobody looks. */
	if (!session->tty || session->output.watch.fd < 0)
		return;
	/* What is written from here on may be for the new size. */
	if (ioctl(session->output.watch.fd, TIOCSWINSZ, &winsize) == 0)
		sizes_add(&session->sizes, session->output.ring.end, size->rows, size->columns);
}

/* What a key would interrupt at a terminal: its foreground job, where there is one. */
static bool signal_foreground(struct session *session, int signal)
{
	pid_t group = 0;

	if (!session->tty || session->output.watch.fd < 0)
		return false;
	if (signal != SIGINT && signal != SIGQUIT && signal != SIGTSTP)
		return false;
	if (ioctl(session->output.watch.fd, TIOCGPGRP, &group) != 0 || group <= 0)
		return false;
	return kill(-group, signal) == 0;
}

void session_signal(struct session *session, int signal)
{
	/* A reaped pid may be another's by now. A child that has not called setsid has no group. */
	if (session->reaped || signal_foreground(session, signal))
		return;
	if (kill(-session->pid, signal) != 0)
		kill(session->pid, signal);
}

bool session_acknowledge(struct session *session, const struct acknowledge_message *bytes)
{
	/* Without a listener nothing is under way: what comes in late was meant for what was. */
	if (!session->attached)
		return true;
	if (!ring_acknowledge(&session->output.ring, bytes->stdout_bytes) ||
	    !ring_acknowledge(&session->error.ring, bytes->stderr_bytes))
		return false;
	channel_watch_output(&session->output);
	channel_watch_output(&session->error);
	return true;
}

void session_reap(struct session *session, int wait_status)
{
	session->reaped = true;
	session->status.signalled = WIFSIGNALED(wait_status);
	session->status.value = (uint32_t)(WIFSIGNALED(wait_status) ? WTERMSIG(wait_status)
								     : WEXITSTATUS(wait_status));
	session->ended_at_ms = uptime_ms();
	session->drain_deadline_ms = session->ended_at_ms + DRAIN_GRACE_MS;
	if (session->state == SESSION_STARTING)
		on_started(session, 0);
	channel_hurry(&session->output);
	channel_hurry(&session->error);
	channel_read(&session->output, 0);
	channel_read(&session->error, 0);
}

static uint64_t sooner_ms(uint64_t a_ms, uint64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

static uint64_t drain_deadline_ms(const struct session *session)
{
	const bool waits = session->reaped && session->state == SESSION_RUNNING;

	return waits && !session->drain_is_last ? session->drain_deadline_ms : UINT64_MAX;
}

uint64_t session_deadline_ms(const struct session *session)
{
	return sooner_ms(drain_deadline_ms(session), sooner_ms(channel_deadline_ms(&session->output),
							       channel_deadline_ms(&session->error)));
}

static void drain(struct session *session)
{
	session->drain_is_last = true;
	channel_read_last(&session->output);
	channel_read_last(&session->error);
}

void session_tick(struct session *session, uint64_t now_ms)
{
	channel_tick(&session->output, now_ms);
	channel_tick(&session->error, now_ms);
	if (drain_deadline_ms(session) <= now_ms)
		drain(session);
}
