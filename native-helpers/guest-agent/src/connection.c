#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"
#include "dispatch.h"
#include "frame.h"
#include "log.h"
#include "notices.h"
#include "outgoing.h"
#include "session-frames.h"
#include "session-table.h"
#include "watch.h"

#ifndef GRND_INSECURE
#define GRND_INSECURE 4
#endif

enum { READ_SIZE = 64 * 1024, NOT_LISTING = SESSIONS_MAX + 1 };

static struct {
	struct watch port;
	const struct requests *requests;
	/* Edges of the port: both stay true until a read or a write says otherwise. */
	bool readable;
	bool writable;
	struct frame_parser parser;
	uint8_t input[READ_SIZE];
	size_t input_length;
	size_t input_offset;
	struct outgoing outgoing;
	struct hello_reply_message reply;
	bool reply_is_due;
	/* The next slot of the session list, or NOT_LISTING. */
	size_t listing;
	/* The slot whose turn it is to send. */
	size_t turn;
	bool is_greeted;
	/* Sending stopped to let others have their turn, not because nothing was left. */
	bool has_more;
} connection = {.port = {.fd = -1}, .listing = NOT_LISTING};

static void on_port(void *owner, uint32_t events)
{
	(void)owner;
	connection.readable |= (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
	connection.writable |= (events & EPOLLOUT) != 0;
}

/* Forgets everything that was meant for the host of before; the sessions go on. */
static void forget_host(void)
{
	connection.outgoing.length = connection.outgoing.offset = 0;
	connection.reply_is_due = false;
	connection.listing = NOT_LISTING;
	connection.is_greeted = false;
	notices_clear();
	dispatch_reset();
	sessions_detach();
}

void connection_init(const struct requests *requests)
{
	connection.requests = requests;
	connection.reply.boot_ms = uptime_ms();
	dispatch_init(requests);
	frame_parser_reset(&connection.parser, HELLO);
}

void connection_open(int fd)
{
	forget_host();
	frame_parser_reset(&connection.parser, HELLO);
	connection.input_length = connection.input_offset = 0;
	connection.port = (struct watch){.fd = fd, .on_events = on_port};
	connection.readable = connection.writable = true;
	watch_set(&connection.port, EPOLLIN | EPOLLOUT | EPOLLET);
}

void connection_look_anew(void)
{
	/* What of them is not so is found out by trying. */
	connection.readable = connection.writable = true;
}

void connection_watch_anew(void)
{
	connection_look_anew();
	connection.port.events = 0;
	watch_set(&connection.port, EPOLLIN | EPOLLOUT | EPOLLET);
}

static void host_left(void)
{
	forget_host();
	frame_parser_reset(&connection.parser, HELLO);
	connection.readable = connection.writable = false;
	if (connection.requests->host_left == NULL)
		return;
	watch_close(&connection.port);
	connection.requests->host_left();
}

/*
 * A boot id that tells this boot from every other, made when it is first asked for. Machines that
 * began by one template have the same random pool until SETUP; their hosts' nonces differ.
 */
static void make_boot_id(const uint8_t nonce[NONCE_SIZE])
{
	static bool is_made;

	if (is_made)
		return;
	/* Before SETUP the pool may be empty, but a boot id is no secret and need not wait. */
	is_made = getrandom(connection.reply.boot_id, BOOT_ID_SIZE, GRND_INSECURE) == BOOT_ID_SIZE;
	for (size_t i = 0; i < BOOT_ID_SIZE; i++)
		connection.reply.boot_id[i] ^= nonce[i];
}

static void greet(const struct frame *frame)
{
	struct hello_message hello;

	forget_host();
	if (!hello_parse(frame->payload, frame->length, &hello))
		return;
	make_boot_id(hello.nonce);
	memcpy(connection.reply.nonce, hello.nonce, NONCE_SIZE);
	connection.reply.version = hello.min_version <= PROTOCOL_VERSION &&
						   hello.max_version >= PROTOCOL_VERSION
					   ? PROTOCOL_VERSION
					   : 0;
	connection.reply.is_set_up = dispatch_is_set_up();
	connection.reply_is_due = true;
	if (connection.reply.version == 0)
		return;
	connection.is_greeted = true;
	connection.listing = 0;
}

/* The host broke the rules: as if it had gone, until it says HELLO again. */
static void refuse_host(const char *why)
{
	log_error("the host broke the protocol: %s", why);
	forget_host();
	frame_parser_reset(&connection.parser, HELLO);
}

/* Requests wait while their answers have nowhere to go. */
static bool takes_requests(void)
{
	return !connection.reply_is_due && connection.listing == NOT_LISTING && !notices_are_full();
}

static void parse_input(void)
{
	while (connection.input_offset < connection.input_length && takes_requests()) {
		struct frame frame;
		enum frame_result result;

		connection.input_offset += frame_parser_feed(
			&connection.parser, connection.input + connection.input_offset,
			connection.input_length - connection.input_offset, &frame, &result);
		if (result == FRAME_BROKEN)
			refuse_host("bytes that are no frame");
		if (result != FRAME_READY)
			continue;
		if (frame.type == HELLO) {
			greet(&frame);
			continue;
		}

		const char *why = connection.is_greeted ? dispatch_frame(&frame) : NULL;
		if (why != NULL)
			refuse_host(why);
	}
}

static void read_port(void)
{
	const ssize_t count = read(connection.port.fd, connection.input, sizeof(connection.input));

	connection.input_offset = 0;
	connection.input_length = count > 0 ? (size_t)count : 0;
	if (count > 0)
		parse_input();
	else if (count < 0 && errno == EAGAIN)
		connection.readable = false;
	else if (count == 0 || errno != EINTR)
		host_left();
}

static void put_reply(void)
{
	struct fields_writer writer = outgoing_begin(&connection.outgoing);

	connection.reply.uptime_ms = uptime_ms();
	hello_reply_write(&writer, &connection.reply);
	outgoing_end(&connection.outgoing, &writer, HELLO_REPLY, 0);
	connection.reply_is_due = false;
}

static void put_list(void)
{
	struct outgoing *outgoing = &connection.outgoing;

	for (; connection.listing < SESSIONS_MAX; connection.listing++) {
		struct session *session = session_at(connection.listing);

		if (!outgoing_takes_control(outgoing))
			return;
		/* One that never started is of no interest to a host that did not ask for it. */
		if (session != NULL && session->state != SESSION_FAILED)
			session_put_listing(session, outgoing);
	}
	if (!outgoing_takes_control(outgoing))
		return;
	outgoing_put(outgoing, SESSIONS_END, 0, NULL, 0);
	connection.listing = NOT_LISTING;
}

/* Lets each session have its turn, from where the last round ended, until none has anything. */
static void put_sessions(void)
{
	size_t idle = 0;

	while (idle <= sessions_slots()) {
		struct session *session = session_at(connection.turn);
		bool finished = false;

		if (session != NULL && session_put_frame(session, &connection.outgoing, &finished))
			idle = 0;
		else
			idle++;
		if (finished)
			session_remove(session);
		connection.turn = connection.turn + 1 < sessions_slots() ? connection.turn + 1 : 0;
	}
}

static void evict_sessions(void)
{
	struct session *session;

	while (!notices_are_full() && (session = session_overdue()) != NULL) {
		if (connection.is_greeted)
			notices_add_gone(session->id);
		session_remove(session);
	}
}

static void fill_outgoing(void)
{
	if (connection.reply_is_due)
		put_reply();
	if (!connection.is_greeted)
		return;
	if (connection.listing != NOT_LISTING)
		put_list();
	if (connection.listing != NOT_LISTING)
		return;
	notices_put(&connection.outgoing);
	put_sessions();
}

static bool write_port(void)
{
	struct outgoing *outgoing = &connection.outgoing;
	const ssize_t count = write(connection.port.fd, outgoing->bytes + outgoing->offset,
				    outgoing->length - outgoing->offset);

	if (count < 0) {
		connection.writable = errno == EINTR;
		return false;
	}
	outgoing->offset += (size_t)count;
	if (outgoing->offset == outgoing->length)
		outgoing->length = outgoing->offset = 0;
	return true;
}

static void send_some(void)
{
	enum { ROUNDS = 8 };
	int rounds = 0;

	while (connection.writable && rounds < ROUNDS) {
		if (connection.outgoing.length == 0)
			fill_outgoing();
		if (connection.outgoing.length == 0 || !write_port())
			break;
		rounds++;
	}
	connection.has_more = rounds == ROUNDS;
}

bool connection_has_work(void)
{
	const bool has_input =
		connection.readable || connection.input_offset < connection.input_length;

	return connection.port.fd >= 0 && ((has_input && takes_requests()) || connection.has_more);
}

void connection_step(void)
{
	evict_sessions();
	if (connection.port.fd < 0)
		return;
	if (connection.input_offset < connection.input_length)
		parse_input();
	else if (connection.readable && takes_requests())
		read_port();
	send_some();
}

void connection_finish(void)
{
	enum { TRIES = 10, TRY_MS = 100 };
	const struct answer_message answer = {.request = SHUTDOWN};
	struct pollfd port = {.fd = connection.port.fd, .events = POLLOUT};

	if (connection.port.fd < 0 || !connection.is_greeted)
		return;
	notices_add_answer(&answer);
	for (int tries = 0; tries < TRIES; tries++) {
		connection.writable = true;
		send_some();
		if (connection.outgoing.length == 0 && !connection.has_more)
			return;
		poll(&port, 1, TRY_MS);
	}
}
