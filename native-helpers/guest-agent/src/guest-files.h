/*
 * What an image leaves to whoever runs it: names, device links, the loopback interface.
 */
#ifndef SKERRY_GUEST_FILES_H
#define SKERRY_GUEST_FILES_H

/* Both return 0, or -1 with errno. */
int guest_files_write(const char *hostname);
int loopback_up(void);

#endif
