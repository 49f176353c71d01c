#include "channel.h"

#include <errno.h>
#include <sys/epoll.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"

enum { READ_MAX = 64 * 1024 };

static bool overwrites(const struct channel *channel)
{
	return channel->session->tty && !channel->session->attached;
}

void channel_watch_output(struct channel *channel)
{
	const bool takes = overwrites(channel) || ring_room(&channel->ring) > 0;
	const bool rests = channel->pace.rests_until_ms != 0;

	watch_set(&channel->watch, takes && !rests ? EPOLLIN : 0);
}

uint64_t channel_deadline_ms(const struct channel *channel)
{
	const bool rests = channel->watch.fd >= 0 && channel->pace.rests_until_ms != 0;

	return rests ? channel->pace.rests_until_ms : UINT64_MAX;
}

void channel_tick(struct channel *channel, uint64_t now_ms)
{
	if (channel_deadline_ms(channel) > now_ms)
		return;
	channel->pace.rests_until_ms = 0;
	channel_watch_output(channel);
}

void channel_hurry(struct channel *channel)
{
	const bool rests = channel->pace.rests_until_ms != 0;

	pace_reset(&channel->pace);
	if (rests)
		channel_watch_output(channel);
}

/* Reads once; returns whether there may be more. */
static bool read_some(struct channel *channel)
{
	struct session *session = channel->session;
	uint8_t *at;
	size_t space = ring_space(&channel->ring, overwrites(channel), &at);

	if (channel->watch.fd < 0 || space == 0)
		return false;

	const ssize_t count = read(channel->watch.fd, at, space < READ_MAX ? space : READ_MAX);
	if (count > 0) {
		ring_added(&channel->ring, (size_t)count);
		/* What is left of an ended command is read to its end. */
		if (!session->reaped)
			pace_read(&channel->pace, (size_t)count, uptime_ms());
		if (!session->drain_is_last)
			return true;
		session->drained_bytes += (size_t)count;
		if (session->drained_bytes < DRAIN_MAX_BYTES)
			return true;
	} else if (count < 0 && (errno == EINTR || (errno == EAGAIN && !session->drain_is_last))) {
		return false;
	}
	/* The end; a terminal says EIO where a pipe says nothing more. */
	watch_close(&channel->watch);
	return false;
}

/* Once every output is at its end and the command was reaped, the session has ended. */
static void end_if_done(struct session *session)
{
	if (!session->reaped || session->state != SESSION_RUNNING)
		return;
	if (session->output.watch.fd >= 0 || session->error.watch.fd >= 0)
		return;
	session->state = SESSION_ENDED;
	session->report_exit = true;
	channel_drop_input(session);
}

void channel_read(void *owner, uint32_t events)
{
	struct channel *channel = owner;

	(void)events;
	read_some(channel);
	channel_watch_output(channel);
	end_if_done(channel->session);
}

void channel_read_last(struct channel *channel)
{
	while (read_some(channel))
		continue;
	channel_watch_output(channel);
	end_if_done(channel->session);
}

void channel_drop_input(struct session *session)
{
	struct ring *ring = &session->input.ring;

	session->credit += (uint32_t)(ring->end - ring->acked);
	ring->start = ring->acked = ring->sent = ring->end;
	watch_close(&session->input.watch);
}

/* A pipe ends by being closed; at a terminal the end is a character, where lines are read. */
static void finish_input(struct session *session)
{
	struct termios settings;
	const int fd = session->input.watch.fd;

	session->input_ends = false;
	if (!session->tty) {
		watch_close(&session->input.watch);
		return;
	}
	if (tcgetattr(fd, &settings) != 0 || (settings.c_lflag & ICANON) == 0)
		return;
	if (write(fd, &settings.c_cc[VEOF], 1) < 0 && errno != EAGAIN)
		channel_drop_input(session);
}

void channel_write(void *owner, uint32_t events)
{
	struct channel *channel = owner;
	struct session *session = channel->session;
	const uint8_t *at;
	size_t length;

	(void)events;
	while ((length = ring_unsent(&channel->ring, &at)) > 0 && channel->watch.fd >= 0) {
		const ssize_t count = write(channel->watch.fd, at, length);

		if (count < 0 && errno == EAGAIN) {
			watch_set(&channel->watch, EPOLLOUT);
			return;
		}
		if (count < 0 && errno != EINTR) {
			channel_drop_input(session);
			return;
		}
		if (count > 0) {
			ring_sent(&channel->ring, (size_t)count);
			ring_acknowledge(&channel->ring, (size_t)count);
			session->credit += (uint32_t)count;
		}
	}
	watch_set(&channel->watch, 0);
	if (session->input_ends && channel->watch.fd >= 0)
		finish_input(session);
}
