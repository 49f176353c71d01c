/*
 * Does what the frames of a greeted host ask.
 */
#ifndef SKERRY_DISPATCH_H
#define SKERRY_DISPATCH_H

#include <stdbool.h>

#include "connection.h"
#include "frame.h"

void dispatch_init(const struct requests *requests);
/* Forgets a message of which only a part has come, and who waits for a HOLD. */
void dispatch_reset(void);
bool dispatch_is_set_up(void);
/* The end of a HOLD, with an errno where it failed; of none that anyone waits for, nothing. */
void dispatch_answer_hold(int error);
/* Returns NULL, or what rule of the protocol the frame breaks. */
const char *dispatch_frame(const struct frame *frame);

#endif
