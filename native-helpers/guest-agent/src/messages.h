/*
 * The messages of the agent channel (PROTOCOL.md, "Messages"): types, tags, and their codecs.
 * Pure but for the allocation of an exec request.
 */
#ifndef SKERRY_MESSAGES_H
#define SKERRY_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields.h"

enum {
	PROTOCOL_VERSION = 1,
	NONCE_SIZE = 16,
	BOOT_ID_SIZE = 16,
	ENTROPY_MIN = 32,
	ENTROPY_MAX = 512,
	HOSTNAME_MAX = 64,
	SERIAL_MAX = 20,
	STRINGS_MAX = 4096,
	EXEC_MAX_BYTES = 1024 * 1024,
};

enum message_type {
	HELLO = 0x01,
	SETUP = 0x02,
	CLOCK = 0x03,
	SHUTDOWN = 0x04,
	EXEC = 0x10,
	ATTACH = 0x11,
	DETACH = 0x12,
	CLOSE = 0x13,
	STDIN = 0x14,
	STDIN_END = 0x15,
	RESIZE = 0x16,
	SIGNAL = 0x17,
	ACKNOWLEDGE = 0x18,
	HELLO_REPLY = 0x81,
	DONE = 0x82,
	FAILED = 0x83,
	SESSION = 0x84,
	SESSIONS_END = 0x85,
	STARTED = 0x90,
	START_FAILED = 0x91,
	ATTACHED = 0x92,
	GONE = 0x93,
	STDOUT = 0x94,
	STDERR = 0x95,
	EXIT = 0x96,
	CREDIT = 0x97,
};

enum tag {
	TAG_NONCE = 1,
	TAG_MIN_VERSION = 2,
	TAG_MAX_VERSION = 3,
	TAG_VERSION = 4,
	TAG_BOOT_ID = 5,
	TAG_IS_SET_UP = 6,
	TAG_BOOT_MS = 7,
	TAG_UPTIME_MS = 8,
	TAG_HOSTNAME = 9,
	TAG_LOWER_SERIAL = 10,
	TAG_UPPER_SERIAL = 11,
	TAG_NOW_MS = 12,
	TAG_ENTROPY = 13,
	TAG_REQUEST = 14,
	TAG_STEP = 15,
	TAG_ERRNO = 16,
	TAG_MESSAGE = 17,
	TAG_KIND = 18,
	TAG_ARGUMENT = 19,
	TAG_VARIABLE = 20,
	TAG_WORKDIR = 21,
	TAG_USER = 22,
	TAG_ROWS = 23,
	TAG_COLUMNS = 24,
	TAG_PID = 25,
	TAG_EXIT_CODE = 26,
	TAG_EXIT_SIGNAL = 27,
	TAG_SIGNAL = 28,
	TAG_STDOUT_BYTES = 29,
	TAG_STDERR_BYTES = 30,
	TAG_STDIN_BYTES = 31,
	TAG_SKIPPED_BYTES = 32,
	TAG_TTY = 33,
	TAG_STARTED_AT_MS = 34,
};

/* Why a command did not start. */
enum start_failure {
	START_NOT_FOUND = 1,
	START_NOT_EXECUTABLE = 2,
	START_BAD_WORKDIR = 3,
	START_BAD_USER = 4,
	START_OTHER = 5,
};

struct clock_message {
	uint64_t now_ms;
	uint8_t entropy[ENTROPY_MAX];
	size_t entropy_length;
};

struct hello_message {
	uint32_t min_version;
	uint32_t max_version;
	uint8_t nonce[NONCE_SIZE];
};

struct setup_message {
	char hostname[HOSTNAME_MAX + 1];
	char lower_serial[SERIAL_MAX + 1];
	char upper_serial[SERIAL_MAX + 1];
	struct clock_message clock;
};

/* Strings and both arrays (ended by NULL) live in one allocation, freed by exec_message_free. */
struct exec_message {
	char **argv;
	char **envp;
	const char *workdir;
	/* NULL for root. */
	const char *user;
	bool tty;
	uint16_t rows;
	uint16_t columns;
	void *memory;
};

struct resize_message {
	uint16_t rows;
	uint16_t columns;
};

struct acknowledge_message {
	uint32_t stdout_bytes;
	uint32_t stderr_bytes;
};

/* Each reads one payload; false where a field is missing, malformed or out of its bounds. */
bool hello_parse(const uint8_t *payload, size_t length, struct hello_message *message);
bool setup_parse(const uint8_t *payload, size_t length, struct setup_message *message);
bool clock_parse(const uint8_t *payload, size_t length, struct clock_message *message);
bool exec_parse(const uint8_t *payload, size_t length, struct exec_message *message);
void exec_message_free(struct exec_message *message);
bool resize_parse(const uint8_t *payload, size_t length, struct resize_message *message);
bool signal_parse(const uint8_t *payload, size_t length, int *signal);
bool acknowledge_parse(const uint8_t *payload, size_t length, struct acknowledge_message *message);

struct hello_reply_message {
	uint8_t nonce[NONCE_SIZE];
	/* 0 where there is no version that both sides speak. */
	uint32_t version;
	uint8_t boot_id[BOOT_ID_SIZE];
	bool is_set_up;
	uint64_t boot_ms;
	uint64_t uptime_ms;
};

/* How a process ended. */
struct exit_message {
	bool signalled;
	uint32_t value;
};

/* What a request of the host was answered with; `step` is NULL where it went well. */
struct answer_message {
	uint8_t request;
	const char *step;
	int error;
};

void hello_reply_write(struct fields_writer *writer, const struct hello_reply_message *message);
void answer_write(struct fields_writer *writer, const struct answer_message *message);
void start_failed_write(struct fields_writer *writer, enum start_failure kind, int error);
void exit_write(struct fields_writer *writer, const struct exit_message *message);

#endif
