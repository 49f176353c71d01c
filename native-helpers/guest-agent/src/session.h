/*
 * A command with its input and output (PROTOCOL.md, "Sessions"). It belongs to the agent: it goes
 * on when the host is away, and stays for a while after it has ended.
 */
#ifndef SKERRY_SESSION_H
#define SKERRY_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "messages.h"
#include "outgoing.h"
#include "pace.h"
#include "ring.h"
#include "sizes.h"
#include "spawn.h"
#include "watch.h"

enum {
	/* How long output may follow the end of a command whose children hold its pipes open. */
	DRAIN_GRACE_MS = 1000,
	DRAIN_MAX_BYTES = 1024 * 1024,
	LISTED_COMMAND_MAX = 4096,
};

enum session_state { SESSION_STARTING, SESSION_FAILED, SESSION_RUNNING, SESSION_ENDED };

struct session;

struct channel {
	struct session *session;
	struct watch watch;
	struct ring ring;
	/* Of an output. */
	struct pace pace;
};

struct session {
	uint32_t id;
	enum session_state state;
	bool tty;
	/* It is of use to nobody but the host that asked for it. */
	bool ends_with_host;
	/* Whether the host takes the output; a terminal nobody looks at scrolls on. */
	bool attached;
	pid_t pid;
	uint64_t started_at_ms;
	uint64_t ended_at_ms;
	/* The command's arguments as fields, as many as fit. */
	uint8_t command[LISTED_COMMAND_MAX];
	size_t command_length;

	struct watch start;
	int terminal_fd;
	/* Of a terminal. */
	struct sizes sizes;
	/* The byte of all output up to which a host has used it. */
	uint64_t used;
	struct spawn_failure failure;

	struct channel input;
	struct channel output;
	struct channel error;
	bool input_ends;
	/* Bytes of input that were used up and not yet granted to the host anew. */
	uint32_t credit;

	bool reaped;
	struct exit_message status;
	uint64_t drain_deadline_ms;
	bool drain_is_last;
	size_t drained_bytes;

	/* Control frames that are to be sent. */
	bool report_start;
	bool report_attached;
	bool report_foreground;
	bool report_exit;
};

/*
 * Starts a command, attached; with `work`, that in its place, which ends with the host's connection.
 * NULL with errno where not even a child could be made.
 */
struct session *session_start(uint32_t id, const struct exec_message *request, int (*work)(void));
/* Forgets a session; what still runs of it is killed. */
void session_free(struct session *session);

void session_attach(struct session *session);
void session_detach(struct session *session);

/* False where the host sends more than it was granted. */
bool session_input(struct session *session, const uint8_t *bytes, size_t length);
void session_end_input(struct session *session);
void session_resize(struct session *session, const struct resize_message *size);
void session_signal(struct session *session, int signal);
/* False where the host acknowledges what was not sent. */
bool session_acknowledge(struct session *session, const struct acknowledge_message *bytes);

/* The command has ended with this status of waitpid. */
void session_reap(struct session *session, int wait_status);
/* When session_tick is due, or UINT64_MAX. */
uint64_t session_deadline_ms(const struct session *session);
/* Goes on with what rested, and gives up what holds an end back. */
void session_tick(struct session *session, uint64_t now_ms);

#endif
