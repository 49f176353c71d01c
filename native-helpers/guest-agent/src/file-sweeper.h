/*
 * A process that puts away what is half made when the one that makes it is killed: a signal to that
 * one's group does not reach it. What a guest leaves that loses its power stays.
 */
#ifndef SKERRY_FILE_SWEEPER_H
#define SKERRY_FILE_SWEEPER_H

/* Watches over a name of an open directory. A descriptor to end it with, or -1 with errno. */
int sweeper_begin(int directory_fd, const char *name);
/* Nothing is left to be put away. */
void sweeper_end(int sweeper_fd);

#endif
