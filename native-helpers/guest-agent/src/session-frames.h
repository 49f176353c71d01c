/*
 * What a session has to say to the host, one frame at a time.
 */
#ifndef SKERRY_SESSION_FRAMES_H
#define SKERRY_SESSION_FRAMES_H

#include "session.h"

/* Puts the session into the list that follows HELLO_REPLY. */
void session_put_listing(struct session *session, struct outgoing *outgoing);
/*
 * Puts the next frame of a session, if there is one and it fits; returns whether it did.
 * Sets `finished` where this was the last frame that there will ever be.
 */
bool session_put_frame(struct session *session, struct outgoing *outgoing, bool *finished);

#endif
