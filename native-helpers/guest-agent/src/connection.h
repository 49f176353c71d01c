/*
 * The channel to the host: who talks, what was asked, what is still to be answered.
 */
#ifndef SKERRY_CONNECTION_H
#define SKERRY_CONNECTION_H

#include <stdbool.h>

#include "files-message.h"
#include "messages.h"

/* What requests of the host do besides sessions; each fills in what went wrong, if anything. */
struct requests {
	void (*set_up)(const struct setup_message *message, struct answer_message *answer);
	void (*set_clock)(const struct clock_message *message, struct answer_message *answer);
	/* For a guest that goes on as another one. */
	void (*take_identity)(const char *hostname, struct answer_message *answer);
	void (*freeze)(struct answer_message *answer);
	void (*thaw)(struct answer_message *answer);
	/* Begins, and ends with dispatch_answer_hold. */
	void (*hold)(void);
	/* Returns twice; see rehearsal.h. NULL where nothing is to be rehearsed. */
	void (*rehearse)(struct answer_message *answer);
	void (*end_rehearsal)(void);
	void (*shut_down)(void);
	/* Runs in a child: writes the changes of the root to descriptor 1 and returns an exit code. */
	int (*write_changes)(void);
	/* Runs in a child: does what is asked with files and returns an exit code. */
	int (*work_on_files)(const struct files_message *message);
	/* The port has no other side any more; NULL where the descriptor stays good. */
	void (*host_left)(void);
};

void connection_init(const struct requests *requests);
/* Takes over a nonblocking descriptor of the channel. */
void connection_open(int fd);
/* Another process had the channel meanwhile, and the edges that it has met. */
void connection_look_anew(void);
/* As connection_look_anew, where the epoll instance is another one, too. */
void connection_watch_anew(void);
/* Whether connection_step can do something without waiting for an event. */
bool connection_has_work(void);
/* Reads and writes a bounded amount. */
void connection_step(void);
/* Answers SHUTDOWN, and gives the host a moment to take what is on its way. */
void connection_finish(void);

#endif
