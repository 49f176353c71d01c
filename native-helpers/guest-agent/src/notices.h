/*
 * Short answers that belong to no session. Few wait at a time; while they are full the agent
 * reads no more requests.
 */
#ifndef SKERRY_NOTICES_H
#define SKERRY_NOTICES_H

#include <stdbool.h>
#include <stdint.h>

#include "messages.h"
#include "outgoing.h"

void notices_clear(void);
bool notices_are_full(void);
void notices_add_answer(const struct answer_message *answer);
void notices_add_start_failed(uint32_t stream, int error);
void notices_add_gone(uint32_t stream);
/* One answer is for all that ask until it is sent; before the guest is set up nothing listens. */
void notices_add_listeners(bool is_set_up);
/* STATS_REPLY or KERNEL_LOG_REPLY; one answer is for all that ask until it is sent. */
void notices_add_once(enum message_type type);
void notices_add_processes(uint32_t after_pid);
/* Puts as many as fit. */
void notices_put(struct outgoing *outgoing);

#endif
