#include "notices.h"

#include <string.h>

#include "listeners.h"

enum { NOTICES_MAX = 32 };

struct notice {
	enum message_type type;
	uint32_t stream;
	struct answer_message answer;
	bool is_set_up;
};

static struct notice notices[NOTICES_MAX];
static size_t count;

void notices_clear(void)
{
	count = 0;
}

bool notices_are_full(void)
{
	return count == NOTICES_MAX;
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

void notices_add_listeners(bool is_set_up)
{
	for (size_t i = 0; i < count; i++)
		if (notices[i].type == LISTENERS_REPLY)
			return;
	add(&(struct notice){.type = LISTENERS_REPLY, .is_set_up = is_set_up});
}

static bool fits(const struct notice *notice, const struct outgoing *outgoing)
{
	return notice->type == LISTENERS_REPLY ? outgoing_room(outgoing) >= LISTENERS_REPLY_MAX
					       : outgoing_takes_control(outgoing);
}

static void put_listeners(const struct notice *notice, struct fields_writer *writer)
{
	static struct listener listeners[LISTENERS_MAX];

	listeners_write(writer, listeners, notice->is_set_up ? listeners_find(listeners) : 0);
}

static void put(const struct notice *notice, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	if (notice->type == START_FAILED)
		start_failed_write(&writer, START_OTHER, notice->answer.error);
	else if (notice->type == LISTENERS_REPLY)
		put_listeners(notice, &writer);
	else if (notice->type != GONE)
		answer_write(&writer, &notice->answer);
	outgoing_end(outgoing, &writer, (uint8_t)notice->type, notice->stream);
}

void notices_put(struct outgoing *outgoing)
{
	size_t done = 0;

	for (; done < count && fits(&notices[done], outgoing); done++)
		put(&notices[done], outgoing);
	memmove(notices, notices + done, (count - done) * sizeof(notices[0]));
	count -= done;
}
