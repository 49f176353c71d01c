/*
 * The pure parts of the agent against golden/frames.txt and against random bytes.
 * Run it as `codec-test GOLDEN [ROUNDS]`; it ends with 0, or says what is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "files-message.h"
#include "frame.h"
#include "kernel-log-message.h"
#include "listeners-message.h"
#include "messages.h"
#include "processes-message.h"
#include "stats-message.h"

enum { LINE_SIZE = 512 * 1024 };

struct golden {
	char name[128];
	unsigned type;
	unsigned stream;
	unsigned flags;
	uint8_t payload[FRAME_MAX_PAYLOAD];
	size_t payload_length;
	uint8_t bytes[FRAME_MAX_PAYLOAD + FRAME_OVERHEAD];
	size_t length;
};

static size_t from_hex(const char *hex, uint8_t *bytes, size_t capacity)
{
	size_t length = 0;

	for (; hex[0] != '\0' && hex[1] != '\0'; hex += 2) {
		unsigned value;

		CHECK(sscanf(hex, "%2x", &value) == 1 && length < capacity, "hex %.8s", hex);
		bytes[length++] = (uint8_t)value;
	}
	return length;
}

static void parse_in_pieces(const uint8_t *bytes, size_t length, size_t piece,
			    const struct golden *golden)
{
	static struct frame_parser parser;
	static const uint8_t zeros[FRAME_RESUME_ZEROS];
	enum frame_result result;
	struct frame frame = {0};
	size_t frames = 0;

	/* Any type will do to find the place again, if it is the one that comes. */
	frame_parser_reset(&parser, (uint8_t)golden->type);
	frame_parser_feed(&parser, zeros, sizeof(zeros), &frame, &result);
	CHECK(result == FRAME_NONE, "%s: zeros are no frame", golden->name);
	for (size_t at = 0; at < length;) {
		const size_t left = length - at < piece ? length - at : piece;

		at += frame_parser_feed(&parser, bytes + at, left, &frame, &result);
		CHECK(result != FRAME_BROKEN, "%s", golden->name);
		if (result != FRAME_READY)
			continue;
		frames++;
		CHECK(frame.type == golden->type && frame.stream == golden->stream &&
			      frame.flags == golden->flags,
		      "%s: header", golden->name);
		CHECK(frame.length == golden->payload_length &&
			      memcmp(frame.payload, golden->payload, frame.length) == 0,
		      "%s: payload", golden->name);
	}
	CHECK(frames == 1, "%s: %zu frames", golden->name, frames);
}

static void expect_payload(const struct golden *golden, const struct fields_writer *writer)
{
	CHECK(!writer->overflow && writer->length == golden->payload_length &&
		      memcmp(writer->bytes, golden->payload, writer->length) == 0,
	      "%s: what the agent writes", golden->name);
}

/* What the messages of the golden file say, in the agent's own terms. */
static void check_message(const struct golden *golden)
{
	uint8_t buffer[1024];
	struct fields_writer writer = {.bytes = buffer, .capacity = sizeof(buffer)};
	const uint8_t *payload = golden->payload;
	const size_t length = golden->payload_length;
	uint8_t counted[512];

	for (size_t i = 0; i < sizeof(counted); i++)
		counted[i] = (uint8_t)i;
	if (strcmp(golden->name, "hello") == 0) {
		struct hello_message hello;

		CHECK(hello_parse(payload, length, &hello), "hello");
		CHECK(hello.min_version == 1 && hello.max_version == 3, "versions");
		CHECK(memcmp(hello.nonce, counted, NONCE_SIZE) == 0, "nonce");
	} else if (strcmp(golden->name, "setup") == 0) {
		struct setup_message setup;

		CHECK(setup_parse(payload, length, &setup), "setup");
		CHECK(strcmp(setup.hostname, "box-1") == 0, "%s", setup.hostname);
		CHECK(strcmp(setup.lower_serial, "root") == 0, "%s", setup.lower_serial);
		CHECK(strcmp(setup.upper_serial, "upper") == 0, "%s", setup.upper_serial);
		CHECK(setup.root_kind == ROOT_IMAGE && setup.transport == TRANSPORT_VIRTIOFS &&
			      setup.has_scripts == 1 && strcmp(setup.seed_serial, "seed") == 0,
		      "root");
		CHECK(setup.volume_count == 2 && setup.patch_count == 2, "counts");
		CHECK(setup.volumes[0].kind == VOLUME_SHARE &&
			      strcmp(setup.volumes[0].target, "/data") == 0 &&
			      strcmp(setup.volumes[0].share, "v0") == 0 &&
			      setup.volumes[0].is_file == 0 && setup.volumes[0].read_only == 1,
		      "share");
		CHECK(setup.volumes[1].kind == VOLUME_TMPFS && setup.volumes[1].size_mib == 64 &&
			      strcmp(setup.volumes[1].target, "/data/tmp") == 0,
		      "tmpfs");
		CHECK(setup.patches[0].kind == PATCH_FILE && setup.patches[0].mode == 0640 &&
			      strcmp(setup.patches[0].path, "/etc/a") == 0 &&
			      strcmp(setup.patches[0].source, "patches/0") == 0 &&
			      strcmp(setup.patches[0].owner, "ann:staff") == 0 &&
			      setup.patches[0].replace == 1 && setup.patches[0].target == NULL,
		      "file");
		CHECK(setup.patches[1].kind == PATCH_SYMLINK &&
			      strcmp(setup.patches[1].target, "../b") == 0 &&
			      setup.patches[1].mode == MODE_UNSET && setup.patches[1].owner == NULL,
		      "symlink");
		CHECK(setup.clock.now_ms == 1700000000123, "now");
		CHECK(setup.clock.entropy_length == 32 &&
			      memcmp(setup.clock.entropy, counted, 32) == 0,
		      "entropy");
		setup_message_free(&setup);
	} else if (strcmp(golden->name, "setup-disk") == 0) {
		struct setup_message setup;

		CHECK(setup_parse(payload, length, &setup), "setup-disk");
		CHECK(setup.root_kind == ROOT_DISK && setup.partition == 3 &&
			      setup.upper_serial[0] == '\0' && setup.volume_count == 0 &&
			      !setup.network.is_wanted,
		      "disk");
		setup_message_free(&setup);
	} else if (strcmp(golden->name, "setup-directory") == 0) {
		struct setup_message setup;

		CHECK(setup_parse(payload, length, &setup), "setup-directory");
		CHECK(setup.root_kind == ROOT_DIRECTORY && strcmp(setup.root_share, "root") == 0 &&
			      setup.transport == TRANSPORT_9P,
		      "directory");
		setup_message_free(&setup);
	} else if (strcmp(golden->name, "setup-network") == 0) {
		struct setup_message setup;
		const struct network *network = &setup.network;

		CHECK(setup_parse(payload, length, &setup), "setup-network");
		CHECK(network->is_wanted && memcmp(network->mac, "\2\0\0\0\0\11", MAC_SIZE) == 0,
		      "mac");
		CHECK(memcmp(network->ipv4.address, "\12\0\2\17", IPV4_SIZE) == 0 &&
			      memcmp(network->ipv4.gateway, "\12\0\2\2", IPV4_SIZE) == 0 &&
			      network->ipv4.prefix == 24,
		      "IPv4");
		CHECK(network->ipv6.address[0] == 0xFE && network->ipv6.address[15] == 0x15 &&
			      network->ipv6.gateway[15] == 2 && network->ipv6.prefix == 64,
		      "IPv6");
		CHECK(network->name_server_count == 2 &&
			      strcmp(network->name_servers[0], "10.0.2.3") == 0 &&
			      strcmp(network->name_servers[1], "fec0::3") == 0,
		      "name servers");
		setup_message_free(&setup);
	} else if (strcmp(golden->name, "listeners-reply") == 0) {
		const struct listener listeners[] = {
			{.protocol = PROTOCOL_TCP,
			 .address = {127, 0, 0, 1},
			 .address_length = 4,
			 .port = 8080,
			 .command = "node"},
			{.protocol = PROTOCOL_UDP, .address_length = 16, .port = 5353},
		};

		listeners_write(&writer, listeners, 2);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "processes") == 0) {
		uint32_t after_pid;

		CHECK(processes_parse(payload, length, &after_pid) && after_pid == 41, "processes");
	} else if (strcmp(golden->name, "identity") == 0) {
		char hostname[HOSTNAME_MAX + 1];

		CHECK(identity_parse(payload, length, hostname) && strcmp(hostname, "box-2") == 0,
		      "identity");
		CHECK(!identity_parse(payload, 0, hostname), "identity without a name");
	} else if (strcmp(golden->name, "done-freeze") == 0) {
		answer_write(&writer, &(struct answer_message){.request = FREEZE});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "done-hold") == 0) {
		answer_write(&writer, &(struct answer_message){.request = HOLD});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "stats-reply") == 0) {
		stats_write(&writer, &(struct guest_stats){.memory_total_bytes = 536870912,
							   .memory_available_bytes = 402653184,
							   .disk_total_bytes = 4294967296,
							   .disk_used_bytes = 123456789,
							   .processes = 7});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "stats-reply-unknown") == 0) {
		stats_write(&writer, &(struct guest_stats){0});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "processes-reply") == 0) {
		process_write(&writer, &(struct process){.pid = 1,
							 .state = 'S',
							 .resident_bytes = 1048576,
							 .cpu_ms = 1230,
							 .command = "init"});
		process_write(&writer, &(struct process){.pid = 42,
							 .parent = 1,
							 .user = 1000,
							 .state = 'R',
							 .resident_bytes = 4096,
							 .command = "a) (b"});
		fields_put_u32(&writer, TAG_IS_MORE, 1);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "kernel-log-reply") == 0) {
		kernel_record_write(&writer,
				    &(struct kernel_record){.microseconds = 5140900,
							    .text = "skerry-agent: ready",
							    .length = 19});
		fields_put_u32(&writer, TAG_IS_MORE, 0);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "failed-patch") == 0) {
		answer_write(&writer, &(struct answer_message){.request = SETUP,
							       .step = "apply the patches",
							       .error = 17,
							       .patch = 3});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "exec") == 0) {
		struct exec_message exec;

		CHECK(exec_parse(payload, length, &exec), "exec");
		CHECK(strcmp(exec.argv[0], "sh") == 0 && strcmp(exec.argv[1], "-c") == 0 &&
			      strcmp(exec.argv[2], "echo \xc3\xa4") == 0 && exec.argv[3] == NULL,
		      "arguments");
		CHECK(strcmp(exec.envp[0], "PATH=/bin") == 0 &&
			      strcmp(exec.envp[1], "EMPTY=") == 0 && exec.envp[2] == NULL,
		      "variables");
		CHECK(strcmp(exec.workdir, "/srv") == 0 && strcmp(exec.user, "ann:staff") == 0,
		      "workdir and user");
		CHECK(exec.tty && exec.rows == 24 && exec.columns == 80, "terminal");
		exec_message_free(&exec);
	} else if (strcmp(golden->name, "files") == 0) {
		struct files_message files;

		CHECK(files_parse(payload, length, &files), "files");
		CHECK(files.action == FILES_WRITE && files.path_count == 1 &&
			      strcmp(files.paths[0], "/srv/\xc3\xa4 b") == 0 &&
			      strcmp(files.user, "ann:staff") == 0 &&
			      strcmp(files.version, "1f-2.0-3.0") == 0 && files.size == 4294967301 &&
			      files.mode == 0640 && files.replace == 1 && files.recursive == 0 &&
			      files.target == NULL && files.owner == NULL,
		      "write");
		files_message_free(&files);
	} else if (strcmp(golden->name, "files-tar") == 0) {
		struct files_message files;

		CHECK(files_parse(payload, length, &files), "files-tar");
		CHECK(files.action == FILES_TAR && files.path_count == 2 &&
			      strcmp(files.paths[1], "/srv") == 0 && files.contents == 1 &&
			      files.follow == 1 && files.keep_owners == 0,
		      "tar");
		files_message_free(&files);
	} else if (strcmp(golden->name, "resize") == 0) {
		struct resize_message resize;

		CHECK(resize_parse(payload, length, &resize), "resize");
		CHECK(resize.rows == 50 && resize.columns == 132, "size");
	} else if (strcmp(golden->name, "signal") == 0) {
		int signal;

		CHECK(signal_parse(payload, length, &signal) && signal == 15, "signal");
	} else if (strcmp(golden->name, "acknowledge") == 0) {
		struct acknowledge_message acknowledge;

		CHECK(acknowledge_parse(payload, length, &acknowledge), "acknowledge");
		CHECK(acknowledge.stdout_bytes == 70000 && acknowledge.stderr_bytes == 5, "bytes");
	} else if (strcmp(golden->name, "hello-reply") == 0) {
		struct hello_reply_message reply = {
			.version = 1, .is_set_up = true, .boot_ms = 750, .uptime_ms = 4294967296};

		memcpy(reply.nonce, counted, NONCE_SIZE);
		memset(reply.boot_id, 0xAB, BOOT_ID_SIZE);
		hello_reply_write(&writer, &reply);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "exit-code") == 0) {
		exit_write(&writer, &(struct exit_message){.value = 3});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "exit-signal") == 0) {
		exit_write(&writer, &(struct exit_message){.signalled = true, .value = 9});
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "size") == 0) {
		size_write(&writer, 50, 132);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "foreground-reply") == 0) {
		foreground_write(&writer, "vim");
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "foreground-shell") == 0) {
		foreground_write(&writer, NULL);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "attached-terminal") == 0) {
		fields_put_u64(&writer, TAG_SKIPPED_BYTES, 123456789012);
		size_write(&writer, 24, 80);
		fields_put_u32(&writer, TAG_KNOWN_BYTES, 1000);
		expect_payload(golden, &writer);
	} else if (strcmp(golden->name, "done") == 0) {
		answer_write(&writer, &(struct answer_message){.request = SETUP});
		expect_payload(golden, &writer);
	}
}

static void check_golden(const struct golden *golden)
{
	uint8_t *bytes = malloc(golden->payload_length + FRAME_OVERHEAD);
	size_t length;

	CHECK(bytes != NULL, "memory");
	memcpy(bytes + FRAME_HEADER_SIZE, golden->payload, golden->payload_length);
	length = frame_wrap(bytes, (uint8_t)golden->type, (uint16_t)golden->flags, golden->stream,
			    (uint32_t)golden->payload_length);
	CHECK(length == golden->length && memcmp(bytes, golden->bytes, length) == 0, "%s: bytes",
	      golden->name);
	free(bytes);
	for (size_t piece = 1; piece <= golden->length; piece += 1 + piece / 4)
		parse_in_pieces(golden->bytes, golden->length, piece, golden);
	check_message(golden);
}

static size_t check_file(const char *path)
{
	static struct golden golden;
	static char line[LINE_SIZE];
	size_t count = 0;
	FILE *file = fopen(path, "r");

	CHECK(file != NULL, "%s", path);
	while (fgets(line, sizeof(line), file) != NULL) {
		char *value = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		CHECK(value != NULL, "%.40s", line);
		*value++ = '\0';
		if (strcmp(line, "name") == 0)
			snprintf(golden.name, sizeof(golden.name), "%s", value);
		else if (strcmp(line, "type") == 0)
			golden.type = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(line, "stream") == 0)
			golden.stream = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(line, "flags") == 0)
			golden.flags = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(line, "payload") == 0)
			golden.payload_length =
				from_hex(value, golden.payload, sizeof(golden.payload));
		else if (strcmp(line, "bytes") == 0) {
			golden.length = from_hex(value, golden.bytes, sizeof(golden.bytes));
			check_golden(&golden);
			count++;
		}
	}
	fclose(file);
	return count;
}

/* Half a frame, then the flush, then HELLO: the half is never delivered and HELLO is. */
static void check_flush(void)
{
	enum { FLUSH = 64 * 1024 + 64, DATA = 1000 };
	static struct frame_parser parser;
	static uint8_t zeros[FLUSH];
	uint8_t hello[FRAME_OVERHEAD], data[DATA + FRAME_OVERHEAD];
	const size_t data_length = sizeof(data);

	memset(data, 'x', sizeof(data));
	frame_wrap(hello, HELLO, 0, 0, 0);
	frame_wrap(data, STDIN, 0, 7, DATA);
	for (size_t cut = 1; cut < data_length; cut++) {
		const struct {
			const uint8_t *bytes;
			size_t length;
		} parts[] = {{zeros, FRAME_RESUME_ZEROS}, {hello, sizeof(hello)}, {data, cut},
			     {zeros, FLUSH},		  {hello, sizeof(hello)}};
		size_t hellos = 0;

		frame_parser_reset(&parser, HELLO);
		for (size_t part = 0; part < sizeof(parts) / sizeof(parts[0]); part++)
			for (size_t at = 0; at < parts[part].length;) {
				struct frame frame;
				enum frame_result result;

				at += frame_parser_feed(&parser, parts[part].bytes + at,
							parts[part].length - at, &frame, &result);
				if (result != FRAME_READY)
					continue;
				CHECK(frame.type == HELLO, "cut at %zu: type %u", cut, frame.type);
				hellos++;
			}
		CHECK(hellos == 2, "cut at %zu: %zu times HELLO", cut, hellos);
	}
}

int main(int argc, char **argv)
{
	const unsigned rounds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 500;
	size_t golden;

	if (argc < 2)
		return EXIT_FAILURE;
	golden = check_file(argv[1]);
	CHECK(golden >= 10, "only %zu golden frames", golden);
	check_flush();
	check_network();
	check_listeners();
	check_readings();
	fuzz_frames(rounds);
	fuzz_messages(rounds * 20);
	check_ring(rounds, false);
	check_ring(rounds, true);
	check_sizes(rounds);
	check_pace(rounds);
	printf("%zu golden frames, %u rounds\n", golden, rounds);
	return EXIT_SUCCESS;
}
