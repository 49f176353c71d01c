#include "processes-message.h"

#include <stdlib.h>
#include <string.h>

#include "messages.h"

/* PF_KTHREAD, <linux/sched.h> of the kernel; the place of flags is part of its interface. */
static const unsigned long kernel_thread_flag = 0x00200000;

/* Numbers behind the state, proc_pid_stat(5), counted from the parent. */
enum { FLAGS = 5, USER_TIME = 10, SYSTEM_TIME = 11, RESIDENT = 20, NUMBERS = 21 };

static bool read_numbers(const char *at, unsigned long long numbers[NUMBERS])
{
	for (int i = 0; i < NUMBERS; i++) {
		char *end;

		if (*at != ' ')
			return false;
		numbers[i] = strtoull(at, &end, 10);
		if (end == at)
			return false;
		at = end;
	}
	return true;
}

bool process_parse(const char *stat, uint64_t page_bytes, uint64_t ticks_per_second,
		   struct process *process)
{
	/* The name of a program may have any of these characters itself. */
	const char *name = strchr(stat, '(');
	const char *name_end = strrchr(stat, ')');
	unsigned long long numbers[NUMBERS];
	size_t length;

	if (name == NULL || name_end == NULL || name_end < name || name_end[1] != ' ' ||
	    name_end[2] == '\0' || !read_numbers(name_end + 3, numbers))
		return false;
	length = (size_t)(name_end - name) - 1;
	if (length >= PROCESS_COMMAND_SIZE)
		length = PROCESS_COMMAND_SIZE - 1;
	*process = (struct process){
		.pid = (uint32_t)strtoul(stat, NULL, 10),
		.parent = (uint32_t)numbers[0],
		.state = name_end[2],
		.resident_bytes = (uint64_t)numbers[RESIDENT] * page_bytes,
		.cpu_ms = (uint64_t)(numbers[USER_TIME] + numbers[SYSTEM_TIME]) * 1000 /
			  ticks_per_second,
		.is_kernel_thread = (numbers[FLAGS] & kernel_thread_flag) != 0,
	};
	memcpy(process->command, name + 1, length);
	return true;
}

void process_write(struct fields_writer *writer, const struct process *process)
{
	uint8_t bytes[PROCESS_MAX];
	struct fields_writer one = {.bytes = bytes, .capacity = sizeof(bytes)};

	fields_put_u32(&one, TAG_PID, process->pid);
	fields_put_u32(&one, TAG_PARENT_PID, process->parent);
	fields_put_u32(&one, TAG_USER_ID, process->user);
	fields_put_u32(&one, TAG_STATE, (uint8_t)process->state);
	fields_put_u64(&one, TAG_RESIDENT_BYTES, process->resident_bytes);
	fields_put_u64(&one, TAG_CPU_MS, process->cpu_ms);
	fields_put_text(&one, TAG_COMMAND, process->command);
	fields_put_bytes(writer, TAG_PROCESS, bytes, one.length);
}
