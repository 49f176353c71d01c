#include "session-frames.h"

#include "foreground.h"

/* Grants are collected until they are worth a frame, or until nothing waits to be used. */
enum { CREDIT_MIN = 32 * 1024, DATA_MIN = 1024 };

void session_put_listing(struct session *session, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);
	const struct ring *input = &session->input.ring;

	fields_put_u32(&writer, TAG_PID, (uint32_t)session->pid);
	fields_put_u32(&writer, TAG_TTY, session->tty);
	fields_put_u64(&writer, TAG_STARTED_AT_MS, session->started_at_ms);
	fields_put_u32(&writer, TAG_STDIN_BYTES, (uint32_t)ring_room(input));
	if (session->state == SESSION_ENDED)
		exit_write(&writer, &session->status);
	for (struct fields_reader reader = {.bytes = session->command,
					    .length = session->command_length};;) {
		struct field field;

		if (fields_next(&reader, &field) != FIELDS_ONE)
			break;
		fields_put_bytes(&writer, field.tag, field.bytes, field.length);
	}
	outgoing_end(outgoing, &writer, SESSION, session->id);
	session->credit = 0;
	session->report_start = false;
	session->report_exit = false;
}

static void put_started(struct session *session, struct outgoing *outgoing, bool *finished)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	session->report_start = false;
	if (session->state == SESSION_FAILED) {
		start_failed_write(&writer, (enum start_failure)session->failure.kind,
				   session->failure.error);
		outgoing_end(outgoing, &writer, START_FAILED, session->id);
		*finished = true;
		return;
	}
	fields_put_u32(&writer, TAG_PID, (uint32_t)session->pid);
	fields_put_u64(&writer, TAG_STARTED_AT_MS, session->started_at_ms);
	if (session->tty)
		size_write(&writer, session->sizes.all[0].rows, session->sizes.all[0].columns);
	outgoing_end(outgoing, &writer, STARTED, session->id);
}

static void put_attached(struct session *session, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	/* For pipes, what came before was acknowledged; at a terminal it has scrolled away. */
	fields_put_u64(&writer, TAG_SKIPPED_BYTES, session->tty ? session->output.ring.start : 0);
	if (session->tty) {
		const struct terminal_size *size =
			sizes_rewind(&session->sizes, session->output.ring.start);

		const uint64_t start = session->output.ring.start;

		size_write(&writer, size->rows, size->columns);
		fields_put_u32(&writer, TAG_KNOWN_BYTES,
			       session->used > start ? (uint32_t)(session->used - start) : 0);
	}
	outgoing_end(outgoing, &writer, ATTACHED, session->id);
	session->report_attached = false;
}

static bool size_is_due(const struct session *session)
{
	const struct terminal_size *size = sizes_next(&session->sizes);

	return session->attached && size != NULL && size->at <= session->output.ring.sent;
}

static void put_size(struct session *session, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);
	const struct terminal_size *size = sizes_next(&session->sizes);

	size_write(&writer, size->rows, size->columns);
	outgoing_end(outgoing, &writer, SIZE, session->id);
	session->sizes.told++;
}

static void put_foreground(struct session *session, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);
	char name[PROGRAM_NAME_SIZE];
	const bool known = session->tty &&
			   foreground_name(session->output.watch.fd, session->pid, name);

	foreground_write(&writer, known ? name : NULL);
	outgoing_end(outgoing, &writer, FOREGROUND_REPLY, session->id);
	session->report_foreground = false;
}

static void put_credit(struct session *session, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	fields_put_u32(&writer, TAG_STDIN_BYTES, session->credit);
	outgoing_end(outgoing, &writer, CREDIT, session->id);
	session->credit = 0;
}

static void put_exit(struct session *session, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	exit_write(&writer, &session->status);
	outgoing_end(outgoing, &writer, EXIT, session->id);
	session->report_exit = false;
}

static bool credit_is_due(const struct session *session)
{
	const struct ring *input = &session->input.ring;

	return session->credit > 0 && (session->credit >= CREDIT_MIN || input->acked == input->end);
}

/* What is to be sent next, up to where the terminal has another size. */
static size_t unsent_at_one_size(const struct channel *channel, const uint8_t **at)
{
	const size_t length = ring_unsent(&channel->ring, at);
	const struct terminal_size *size = sizes_next(&channel->session->sizes);

	if (size == NULL || size->at - channel->ring.sent >= length)
		return length;
	return (size_t)(size->at - channel->ring.sent);
}

/* Puts as much of a channel as fits; nothing where it would be cut into crumbs. */
static bool put_data(struct channel *channel, struct outgoing *outgoing, uint8_t type)
{
	const uint8_t *at;
	size_t length = unsent_at_one_size(channel, &at);
	const size_t room = outgoing_room(outgoing);

	if (length == 0 || (room < length && room < DATA_MIN))
		return false;
	if (length > room)
		length = room;
	outgoing_put(outgoing, type, channel->session->id, at, length);
	ring_sent(&channel->ring, length);
	return true;
}

static bool all_is_sent(const struct session *session)
{
	return session->output.ring.sent == session->output.ring.end &&
	       session->error.ring.sent == session->error.ring.end;
}

static bool has_control(const struct session *session)
{
	return session->report_start || session->report_attached || session->report_foreground ||
	       size_is_due(session) || credit_is_due(session) ||
	       (session->report_exit && (!session->attached || all_is_sent(session)));
}

bool session_put_frame(struct session *session, struct outgoing *outgoing, bool *finished)
{
	*finished = false;
	if (session->state == SESSION_STARTING)
		return false;
	if (has_control(session)) {
		if (!outgoing_takes_control(outgoing))
			return false;
		if (session->report_start)
			put_started(session, outgoing, finished);
		else if (session->report_attached)
			put_attached(session, outgoing);
		else if (session->report_foreground)
			put_foreground(session, outgoing);
		else if (size_is_due(session))
			put_size(session, outgoing);
		else if (credit_is_due(session))
			put_credit(session, outgoing);
		else
			put_exit(session, outgoing);
		return true;
	}
	return session->attached && (put_data(&session->error, outgoing, STDERR) ||
				     put_data(&session->output, outgoing, STDOUT));
}
