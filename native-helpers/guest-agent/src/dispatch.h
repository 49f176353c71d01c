/*
 * Does what the frames of a greeted host ask.
 */
#ifndef SKERRY_DISPATCH_H
#define SKERRY_DISPATCH_H

#include <stdbool.h>

#include "connection.h"
#include "frame.h"

void dispatch_init(const struct requests *requests);
/* Forgets a message of which only a part has come. */
void dispatch_reset(void);
bool dispatch_is_set_up(void);
/* Returns NULL, or what rule of the protocol the frame breaks. */
const char *dispatch_frame(const struct frame *frame);

#endif
