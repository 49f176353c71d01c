#include "notices.h"

#include <string.h>

enum { NOTICES_MAX = 32 };

struct notice {
	enum message_type type;
	uint32_t stream;
	struct answer_message answer;
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

static void put(const struct notice *notice, struct outgoing *outgoing)
{
	struct fields_writer writer = outgoing_begin(outgoing);

	if (notice->type == START_FAILED)
		start_failed_write(&writer, START_OTHER, notice->answer.error);
	else if (notice->type != GONE)
		answer_write(&writer, &notice->answer);
	outgoing_end(outgoing, &writer, (uint8_t)notice->type, notice->stream);
}

void notices_put(struct outgoing *outgoing)
{
	size_t done = 0;

	for (; done < count && outgoing_takes_control(outgoing); done++)
		put(&notices[done], outgoing);
	memmove(notices, notices + done, (count - done) * sizeof(notices[0]));
	count -= done;
}
