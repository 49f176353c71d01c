/*
 * The messages of the agent channel (PROTOCOL.md, "Messages"): types, tags, and their codecs.
 * Pure but for the allocation of what an exec or a setup holds.
 */
#ifndef SKERRY_MESSAGES_H
#define SKERRY_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fields.h"
#include "network-message.h"

enum {
	PROTOCOL_VERSION = 1,
	NONCE_SIZE = 16,
	BOOT_ID_SIZE = 16,
	ENTROPY_MIN = 32,
	ENTROPY_MAX = 512,
	HOSTNAME_MAX = 64,
	SERIAL_MAX = 20,
	STRINGS_MAX = 4096,
	SHARE_NAME_MAX = 31,
	VOLUMES_MAX = 64,
	PATCHES_MAX = 1024,
	/* Of an EXEC or a SETUP, all its frames together. */
	REQUEST_MAX_BYTES = 1024 * 1024,
	MODE_UNSET = -1,
};

enum message_type {
	HELLO = 0x01,
	SETUP = 0x02,
	CLOCK = 0x03,
	SHUTDOWN = 0x04,
	LISTENERS = 0x05,
	STATS = 0x06,
	PROCESSES = 0x07,
	KERNEL_LOG = 0x08,
	IDENTITY = 0x09,
	FREEZE = 0x0A,
	THAW = 0x0B,
	HOLD = 0x0C,
	REHEARSE = 0x0D,
	REHEARSED = 0x0E,
	EXEC = 0x10,
	ATTACH = 0x11,
	DETACH = 0x12,
	CLOSE = 0x13,
	STDIN = 0x14,
	STDIN_END = 0x15,
	RESIZE = 0x16,
	SIGNAL = 0x17,
	ACKNOWLEDGE = 0x18,
	CHANGES = 0x19,
	FOREGROUND = 0x1A,
	FILES = 0x20,
	HELLO_REPLY = 0x81,
	DONE = 0x82,
	FAILED = 0x83,
	SESSION = 0x84,
	SESSIONS_END = 0x85,
	LISTENERS_REPLY = 0x86,
	STATS_REPLY = 0x87,
	PROCESSES_REPLY = 0x88,
	KERNEL_LOG_REPLY = 0x89,
	STARTED = 0x90,
	START_FAILED = 0x91,
	ATTACHED = 0x92,
	GONE = 0x93,
	STDOUT = 0x94,
	STDERR = 0x95,
	EXIT = 0x96,
	CREDIT = 0x97,
	FOREGROUND_REPLY = 0x98,
	SIZE = 0x99,
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
	TAG_ROOT_KIND = 35,
	TAG_SHARE = 36,
	TAG_PARTITION = 37,
	TAG_TRANSPORT = 38,
	TAG_SEED_SERIAL = 39,
	TAG_HAS_SCRIPTS = 40,
	TAG_VOLUME = 41,
	TAG_PATCH = 42,
	TAG_TARGET = 43,
	TAG_IS_FILE = 44,
	TAG_READ_ONLY = 45,
	TAG_SIZE_MIB = 46,
	TAG_PATH = 47,
	TAG_SOURCE = 48,
	TAG_MODE = 49,
	TAG_OWNER = 50,
	TAG_REPLACE = 51,
	TAG_PATCH_INDEX = 52,
	TAG_NETWORK = 53,
	TAG_MAC = 54,
	TAG_IPV4_ADDRESS = 55,
	TAG_IPV4_PREFIX = 56,
	TAG_IPV4_GATEWAY = 57,
	TAG_IPV6_ADDRESS = 58,
	TAG_IPV6_PREFIX = 59,
	TAG_IPV6_GATEWAY = 60,
	TAG_NAME_SERVER = 61,
	TAG_LISTENER = 62,
	TAG_PROTOCOL = 63,
	TAG_ADDRESS = 64,
	TAG_PORT = 65,
	TAG_COMMAND = 66,
	TAG_KNOWN_BYTES = 67,
	TAG_FILE_ACTION = 70,
	TAG_RECURSIVE = 71,
	TAG_KEEP_OWNERS = 72,
	TAG_CONTENTS = 73,
	TAG_FOLLOW = 74,
	TAG_FILE_VERSION = 75,
	TAG_FILE = 76,
	TAG_FILE_NAME = 77,
	TAG_FILE_MODE = 78,
	TAG_UID = 79,
	TAG_GID = 80,
	TAG_FILE_SIZE = 81,
	TAG_MODIFIED_AT_MS = 82,
	TAG_GROUP = 83,
	TAG_LEADS_TO_DIRECTORY = 84,
	TAG_CHANGE = 85,
	TAG_IS_TRUNCATED = 86,
	TAG_CONTENT = 87,
	TAG_MEMORY_TOTAL_BYTES = 100,
	TAG_MEMORY_AVAILABLE_BYTES = 101,
	TAG_DISK_TOTAL_BYTES = 102,
	TAG_DISK_USED_BYTES = 103,
	TAG_PROCESS_COUNT = 104,
	TAG_PROCESS = 105,
	TAG_PARENT_PID = 106,
	TAG_USER_ID = 107,
	TAG_STATE = 108,
	TAG_RESIDENT_BYTES = 109,
	TAG_CPU_MS = 110,
	TAG_KERNEL_RECORD = 111,
	TAG_MICROSECONDS = 112,
	TAG_TEXT = 113,
	TAG_IS_MORE = 114,
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

enum root_kind { ROOT_IMAGE = 1, ROOT_DIRECTORY = 2, ROOT_DISK = 3 };

enum transport { TRANSPORT_NONE = 0, TRANSPORT_VIRTIOFS = 1, TRANSPORT_9P = 2 };

enum volume_kind { VOLUME_SHARE = 1, VOLUME_TMPFS = 2 };

struct volume {
	uint32_t kind;
	const char *target;
	/* Of a share. */
	const char *share;
	uint32_t is_file;
	uint32_t read_only;
	/* Of a tmpfs. */
	uint32_t size_mib;
};

enum patch_kind {
	PATCH_FILE = 1,
	PATCH_DIRECTORY = 2,
	PATCH_APPEND = 3,
	PATCH_SYMLINK = 4,
	PATCH_MKDIR = 5,
	PATCH_REMOVE = 6,
};

struct patch {
	uint32_t kind;
	const char *path;
	/* A path on the seed disk, or NULL. */
	const char *source;
	/* Of a symbolic link, or NULL. */
	const char *target;
	/* NULL for root, or for what is there already. */
	const char *owner;
	/* MODE_UNSET where none was given. */
	int32_t mode;
	uint32_t replace;
};

/* Volumes, patches and their texts live in one allocation, freed by setup_message_free. */
struct setup_message {
	char hostname[HOSTNAME_MAX + 1];
	uint32_t root_kind;
	/* Of an image; of a disk, its only one. */
	char lower_serial[SERIAL_MAX + 1];
	/* Empty where nothing is above the root. */
	char upper_serial[SERIAL_MAX + 1];
	char root_share[SHARE_NAME_MAX + 1];
	/* 0 where it is to be found. */
	uint32_t partition;
	uint32_t transport;
	char seed_serial[SERIAL_MAX + 1];
	uint32_t has_scripts;
	struct network network;
	struct clock_message clock;
	struct volume *volumes;
	size_t volume_count;
	struct patch *patches;
	size_t patch_count;
	void *memory;
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
void setup_message_free(struct setup_message *message);
bool clock_parse(const uint8_t *payload, size_t length, struct clock_message *message);
bool identity_parse(const uint8_t *payload, size_t length, char hostname[HOSTNAME_MAX + 1]);
bool exec_parse(const uint8_t *payload, size_t length, struct exec_message *message);
void exec_message_free(struct exec_message *message);
bool resize_parse(const uint8_t *payload, size_t length, struct resize_message *message);
bool signal_parse(const uint8_t *payload, size_t length, int *signal);
bool acknowledge_parse(const uint8_t *payload, size_t length, struct acknowledge_message *message);
bool processes_parse(const uint8_t *payload, size_t length, uint32_t *after_pid);

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
	/* Number of the patch that failed, from 1; 0 where it was no patch. */
	uint32_t patch;
};

void hello_reply_write(struct fields_writer *writer, const struct hello_reply_message *message);
void answer_write(struct fields_writer *writer, const struct answer_message *message);
void start_failed_write(struct fields_writer *writer, enum start_failure kind, int error);
void exit_write(struct fields_writer *writer, const struct exit_message *message);
/* The size of a terminal; of SIZE, and of what begins a terminal's output. */
void size_write(struct fields_writer *writer, uint16_t rows, uint16_t columns);
/* `name` is NULL where the command itself is in the foreground. */
void foreground_write(struct fields_writer *writer, const char *name);

#endif
