#include "notices.h"

#include <string.h>

#include "kernel-log.h"
#include "listeners.h"
#include "processes.h"
#include "stats.h"

enum { NOTICES_MAX = 32 };

struct notice {
	enum message_type type;
	uint32_t stream;
	struct answer_message answer;
	bool is_set_up;
	uint32_t after_pid;
};

static struct notice notices[NOTICES_MAX];
static size_t count;

void notices_clear(void)
{
	count = 0;
}

bool notices_are_full(void)
{
	/* One place is for the HOLD that ends while others wait. */
	return count >= NOTICES_MAX - 1;
}

static void add(const struct notice *notice)
{
	if (count < NOTICES_MAX)
		notices[count++] = *notice;
}

void notices_add_answer(const struct answer_message *answer)
{
	add(&(struct notice){.type = answer->step == NULL ? DONE : FAILED, .answer = *answer});
}

void notices_add_start_failed(uint32_t stream, int error)
{
	add(&(struct notice){
		.type = START_FAILED, .stream = stream, .answer = {.error = error}});
}

void notices_add_gone(uint32_t stream)
{
	add(&(struct notice){.type = GONE, .stream = stream});
}

static bool is_waiting(enum message_type type)
{
	for (size_t i = 0; i < count; i++)
		if (notices[i].type == type)
			return true;
	return false;
}

void notices_add_listeners(bool is_set_up)
{
	if (!is_waiting(LISTENERS_REPLY))
		add(&(struct notice){.type = LISTENERS_REPLY, .is_set_up = is_set_up});
}

void notices_add_once(enum message_type type)
{
	if (!is_waiting(type))
		add(&(struct notice){.type = type});
}

void notices_add_processes(uint32_t after_pid)
{
	add(&(struct notice){.type = PROCESSES_REPLY, .after_pid = after_pid});
}

static size_t room_for(enum message_type type)
{
	switch (type) {
	case LISTENERS_REPLY:
		return LISTENERS_REPLY_MAX;
	case PROCESSES_REPLY:
		return PROCESSES_REPLY_MAX;
	case KERNEL_LOG_REPLY:
		return KERNEL_LOG_REPLY_MAX;
	default:
		return CONTROL_MAX;
	}
}

static void put_listeners(const struct notice *notice, struct fields_writer *writer)
{
	static struct listener listeners[LISTENERS_MAX];

	listeners_write(writer, listeners, notice->is_set_up ? listeners_find(listeners) : 0);
}

static void put_stats(struct fields_writer *writer)
{
	struct guest_stats stats;

	stats_read(&stats);
	stats_write(writer, &stats);
}

static void put(const struct notice *notice, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	switch (notice->type) {
	case GONE:
		break;
	case START_FAILED:
		start_failed_write(&writer, START_OTHER, notice->answer.error);
		break;
	case LISTENERS_REPLY:
		put_listeners(notice, &writer);
		break;
	case STATS_REPLY:
		put_stats(&writer);
		break;
	case PROCESSES_REPLY:
		processes_put(&writer, notice->after_pid);
		break;
	case KERNEL_LOG_REPLY:
		kernel_log_put(&writer);
		break;
	default:
		answer_write(&writer, &notice->answer);
	}
	outgoing_end(outgoing, &writer, (uint8_t)notice->type, notice->stream);
}

void notices_put(struct outgoing *outgoing)
{
	size_t done = 0;

	for (; done < count && outgoing_room(outgoing) >= room_for(notices[done].type); done++)
		put(&notices[done], outgoing);
	memmove(notices, notices + done, (count - done) * sizeof(notices[0]));
	count -= done;
}
