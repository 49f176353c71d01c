/*
 * The network interface of the guest (PROTOCOL.md, "Network").
 */
#ifndef SKERRY_NETWORK_H
#define SKERRY_NETWORK_H

#include "messages.h"

/* Brings in the driver of the interface, where one is wanted; before the root moves. */
int network_open(const struct setup_message *setup);
/* Gives the interface its addresses and routes; 0, or -1 with errno and the step in `answer`. */
int network_up(const struct setup_message *setup, struct answer_message *answer);

#endif
