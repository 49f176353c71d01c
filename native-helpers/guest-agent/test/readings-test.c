/*
 * What the kernel writes about memory, processes and itself, and what a guest can make of it.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kernel-log-message.h"
#include "processes-message.h"
#include "stats-message.h"

#define NUMBERS(flags) " 1 7 7 0 -1 " flags " 9 9 9 9 250 50 9 9 20 0 1 0 77 8192000 512 99 1"

/* On the heap, so that the sanitizer sees a read beyond the end. */
static bool parse_process(const char *text, struct process *process)
{
	char *stat = strdup(text);
	bool ok;

	CHECK(stat != NULL, "memory");
	ok = process_parse(stat, 4096, 100, process);
	free(stat);
	return ok;
}

static void check_processes(void)
{
	static const char *const broken[] = {
		"",
		"7",
		"7 (sh",
		"7 )sh( S" NUMBERS("0"),
		"7 (sh)",
		"7 (sh) ",
		"7 (sh) S",
		"7 (sh) S 1 7 7 0 -1 0 9 9 9 9 250 50 9 9 20 0 1 0 77 8192000",
		"7 (sh) S x" NUMBERS("0"),
	};
	struct process process;

	CHECK(parse_process("7 (sh) S" NUMBERS("4194560") "\n", &process), "a process");
	CHECK(process.pid == 7 && process.parent == 1 && process.state == 'S' &&
		      process.resident_bytes == 512 * 4096 && process.cpu_ms == 3000 &&
		      !process.is_kernel_thread && strcmp(process.command, "sh") == 0,
	      "a process");
	CHECK(parse_process("8 (a) S 2 ) (\n) R" NUMBERS("0"), &process) && process.pid == 8 &&
		      process.state == 'R' && strcmp(process.command, "a) S 2 ) (\n") == 0,
	      "a name that looks like the rest");
	CHECK(parse_process("2 (kthreadd) S" NUMBERS("2129984"), &process) &&
		      process.is_kernel_thread,
	      "a thread of the kernel");
	CHECK(parse_process("9 (0123456789012345678901234567890123456789012345678901234567890123456789)"
			    " S" NUMBERS("0"),
			    &process) &&
		      strlen(process.command) == PROCESS_COMMAND_SIZE - 1,
	      "a long name");
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		CHECK(!parse_process(broken[i], &process), "stat %zu", i);

	/* The largest of all fits what is reserved for it. */
	uint8_t bytes[FIELD_HEADER_SIZE + PROCESS_MAX];
	struct fields_writer writer = {.bytes = bytes, .capacity = sizeof(bytes)};

	memset(process.command, 'x', PROCESS_COMMAND_SIZE - 1);
	process_write(&writer, &process);
	CHECK(!writer.overflow && writer.length <= PROCESS_MAX, "room for a process");
}

static bool parse_record(const char *text, struct kernel_record *record)
{
	return kernel_record_parse(text, strlen(text), record);
}

static void check_kernel_log(void)
{
	static const char *const broken[] = {
		"", "6", "6,", "6,1,2", "6,1,2,-", "x,1,2,-;text", "6,1,x,-;text",
		"99999999999999999999999999,1,2,-;text",
	};
	struct kernel_record record;

	CHECK(parse_record("30,339,5140900,-,caller=T1;a; b\n SUBSYSTEM=pci\n", &record) &&
		      record.level == 6 && record.microseconds == 5140900 && record.length == 4 &&
		      memcmp(record.text, "a; b", 4) == 0,
	      "a record");
	CHECK(parse_record("3,1,0,-;", &record) && record.length == 0, "an empty record");
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		CHECK(!parse_record(broken[i], &record), "record %zu", i);

	static char text[64 + 2 * KERNEL_TEXT_MAX];
	uint8_t bytes[FIELD_HEADER_SIZE + KERNEL_RECORD_MAX];
	struct fields_writer writer = {.bytes = bytes, .capacity = sizeof(bytes)};

	memset(text, 'x', sizeof(text));
	memcpy(text, "6,1,2,-;", 8);
	CHECK(kernel_record_parse(text, sizeof(text), &record) && record.length == KERNEL_TEXT_MAX,
	      "a long record");
	kernel_record_write(&writer, &record);
	CHECK(!writer.overflow, "room for a record");
}

static void check_memory(void)
{
	struct guest_stats stats = {0};

	meminfo_line("MemTotal:         498032 kB\n", &stats);
	meminfo_line("MemFree:               1 kB\n", &stats);
	meminfo_line("MemAvailable:     400000 kB\n", &stats);
	meminfo_line("MemTotal", &stats);
	meminfo_line("", &stats);
	CHECK(stats.memory_total_bytes == 498032ull * 1024 &&
		      stats.memory_available_bytes == 400000ull * 1024,
	      "memory");
	meminfo_line("MemTotal: 18446744073709551615 kB\n", &stats);
	CHECK(stats.memory_total_bytes == 498032ull * 1024, "more memory than there can be");
}

void check_readings(void)
{
	check_memory();
	check_processes();
	check_kernel_log();
}
