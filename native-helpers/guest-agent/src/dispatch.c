#include "dispatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "notices.h"
#include "session-table.h"

static const struct requests *requests;
static bool is_set_up;
static bool is_shutting_down;
/* The host waits for the end of a HOLD. */
static bool hold_is_due;

/* What the child of a FILES does; it has a copy of its own. */
static struct files_message files;

/* A request that comes in several frames, which stand one behind the other. */
static struct {
	uint8_t *bytes;
	size_t length;
	uint32_t stream;
	uint8_t type;
} partial;

void dispatch_init(const struct requests *of)
{
	requests = of;
}

static void drop_partial(void)
{
	free(partial.bytes);
	partial.bytes = NULL;
	partial.length = 0;
}

void dispatch_reset(void)
{
	drop_partial();
	hold_is_due = false;
}

bool dispatch_is_set_up(void)
{
	return is_set_up;
}

static void set_up(const uint8_t *payload, size_t length)
{
	static struct setup_message message;
	struct answer_message answer = {.request = SETUP};

	if (is_set_up) {
		answer.step = "set up twice";
		answer.error = EALREADY;
	} else if (!setup_parse(payload, length, &message)) {
		answer.step = "read the request";
		answer.error = EINVAL;
	} else {
		requests->set_up(&message, &answer);
		is_set_up = answer.step == NULL;
		setup_message_free(&message);
	}
	notices_add_answer(&answer);
}

static void set_clock(const struct frame *frame)
{
	struct clock_message message;
	struct answer_message answer = {.request = CLOCK};

	if (clock_parse(frame->payload, frame->length, &message)) {
		requests->set_clock(&message, &answer);
	} else {
		answer.step = "read the request";
		answer.error = EINVAL;
	}
	explicit_bzero(&message, sizeof(message));
	notices_add_answer(&answer);
}

static void take_identity(const struct frame *frame)
{
	char hostname[HOSTNAME_MAX + 1];
	struct answer_message answer = {.request = IDENTITY};

	if (!identity_parse(frame->payload, frame->length, hostname)) {
		answer.step = "read the request";
		answer.error = EINVAL;
	} else if (!is_set_up) {
		answer.step = "be another before it is set up";
		answer.error = EAGAIN;
	} else {
		requests->take_identity(hostname, &answer);
	}
	notices_add_answer(&answer);
}

static void freeze_or_thaw(const struct frame *frame)
{
	struct answer_message answer = {.request = frame->type};

	if (frame->type == THAW) {
		requests->thaw(&answer);
	} else if (!is_set_up || is_shutting_down) {
		answer.step = "freeze the writable disk";
		answer.error = EAGAIN;
	} else {
		requests->freeze(&answer);
	}
	notices_add_answer(&answer);
}

void dispatch_answer_hold(int error)
{
	const struct answer_message answer = {
		.request = HOLD, .step = error == 0 ? NULL : "hold every process", .error = error};

	if (hold_is_due)
		notices_add_answer(&answer);
	hold_is_due = false;
}

static void hold(void)
{
	hold_is_due = true;
	if (is_set_up && !is_shutting_down)
		requests->hold();
	else
		dispatch_answer_hold(EAGAIN);
}

/* Goes on in two processes, one after the other; each answers what it did. */
static void rehearse(void)
{
	struct answer_message answer = {.request = REHEARSE};

	if (is_set_up || requests->rehearse == NULL) {
		answer.step = "rehearse";
		answer.error = is_set_up ? EALREADY : ENOSYS;
	} else {
		requests->rehearse(&answer);
	}
	notices_add_answer(&answer);
}

static int start_session(uint32_t stream, const struct exec_message *message, int (*work)(void))
{
	struct session *session;

	if (!is_set_up || is_shutting_down)
		return EAGAIN;
	if (stream == 0 || session_find(stream) != NULL)
		return EEXIST;
	session = session_start(stream, message, work);
	if (session == NULL)
		return errno;
	if (session_add(session) == 0)
		return 0;
	session_free(session);
	return EUSERS;
}

/* Starts the command, or returns why not. */
static int execute(uint32_t stream, const uint8_t *payload, size_t length)
{
	struct exec_message message;
	int error;

	if (!exec_parse(payload, length, &message))
		return EINVAL;
	error = start_session(stream, &message, NULL);
	exec_message_free(&message);
	return error;
}

/* Starts work of the agent's own instead of a command, or returns why not. */
static int start_work(uint32_t stream, int (*work)(void))
{
	char *argv[] = {NULL};
	const struct exec_message message = {.argv = argv, .envp = argv};

	return start_session(stream, &message, work);
}

static void send_changes(uint32_t stream)
{
	const int error = start_work(stream, requests->write_changes);

	if (error != 0)
		notices_add_start_failed(stream, error);
}

static int work_on_files(void)
{
	return requests->work_on_files(&files);
}

static int begin_files(uint32_t stream, const uint8_t *payload, size_t length)
{
	int error;

	if (!files_parse(payload, length, &files))
		return EINVAL;
	error = start_work(stream, work_on_files);
	files_message_free(&files);
	return error;
}

static void run_request(const struct frame *frame, const uint8_t *payload, size_t length)
{
	int error;

	if (frame->type == SETUP) {
		set_up(payload, length);
		return;
	}
	error = frame->type == FILES ? begin_files(frame->stream, payload, length)
				     : execute(frame->stream, payload, length);
	if (error != 0)
		notices_add_start_failed(frame->stream, error);
}

/* Adds a frame to the request that it is a part of; runs the request with its last one. */
static const char *collect_request(const struct frame *frame)
{
	if (partial.bytes == NULL && (frame->flags & FRAME_MORE) == 0) {
		run_request(frame, frame->payload, frame->length);
		return NULL;
	}
	if (partial.length + frame->length > REQUEST_MAX_BYTES)
		return "a request that is too long";

	uint8_t *bytes = realloc(partial.bytes, partial.length + frame->length + 1);
	if (bytes == NULL)
		return "a request for which there is no memory";
	memcpy(bytes + partial.length, frame->payload, frame->length);
	partial.bytes = bytes;
	partial.length += frame->length;
	partial.stream = frame->stream;
	partial.type = frame->type;
	if ((frame->flags & FRAME_MORE) != 0)
		return NULL;
	run_request(frame, partial.bytes, partial.length);
	drop_partial();
	return NULL;
}

static const char *to_session(struct session *session, const struct frame *frame)
{
	struct resize_message size;
	struct acknowledge_message bytes;
	int signal;

	switch (frame->type) {
	case ATTACH:
		session_attach(session);
		return NULL;
	case DETACH:
		session_detach(session);
		return NULL;
	case CLOSE:
		session_remove(session);
		return NULL;
	case FOREGROUND:
		session->report_foreground = true;
		return NULL;
	case STDIN:
		return session_input(session, frame->payload, frame->length)
			       ? NULL
			       : "input beyond the credit";
	case STDIN_END:
		session_end_input(session);
		return NULL;
	case RESIZE:
		if (!resize_parse(frame->payload, frame->length, &size))
			return "a malformed RESIZE";
		session_resize(session, &size);
		return NULL;
	case SIGNAL:
		if (!signal_parse(frame->payload, frame->length, &signal))
			return "a malformed SIGNAL";
		session_signal(session, signal);
		return NULL;
	case ACKNOWLEDGE:
		if (!acknowledge_parse(frame->payload, frame->length, &bytes) ||
		    !session_acknowledge(session, &bytes))
			return "an ACKNOWLEDGE of what was not sent";
		return NULL;
	default:
		/* A later version of the protocol may have it; this one never asked for it. */
		return NULL;
	}
}

const char *dispatch_frame(const struct frame *frame)
{
	struct session *session;
	uint32_t after_pid;

	if (partial.bytes != NULL &&
	    (frame->type != partial.type || frame->stream != partial.stream))
		return "a frame in the middle of a request";
	if (frame->flags != 0 && frame->type != EXEC && frame->type != SETUP &&
	    frame->type != FILES)
		return "a message in parts that may have none";
	switch (frame->type) {
	case CLOCK:
		set_clock(frame);
		return NULL;
	case IDENTITY:
		take_identity(frame);
		return NULL;
	case FREEZE:
	case THAW:
		freeze_or_thaw(frame);
		return NULL;
	case REHEARSE:
		rehearse();
		return NULL;
	case REHEARSED:
		if (requests->end_rehearsal != NULL)
			requests->end_rehearsal();
		return NULL;
	case HOLD:
		hold();
		return NULL;
	case SHUTDOWN:
		is_shutting_down = true;
		requests->shut_down();
		return NULL;
	case LISTENERS:
		notices_add_listeners(is_set_up);
		return NULL;
	case STATS:
		notices_add_once(STATS_REPLY);
		return NULL;
	case PROCESSES:
		if (!processes_parse(frame->payload, frame->length, &after_pid))
			return "a malformed PROCESSES";
		notices_add_processes(after_pid);
		return NULL;
	case KERNEL_LOG:
		notices_add_once(KERNEL_LOG_REPLY);
		return NULL;
	case SETUP:
	case EXEC:
	case FILES:
		return collect_request(frame);
	case CHANGES:
		send_changes(frame->stream);
		return NULL;
	default:
		break;
	}
	session = session_find(frame->stream);
	if (session != NULL)
		return to_session(session, frame);
	/* Only ATTACH waits for an answer; the rest may cross with the end of a session. */
	if (frame->type == ATTACH)
		notices_add_gone(frame->stream);
	return NULL;
}
