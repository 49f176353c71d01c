/*
 * What an image leaves to whoever runs it: names and device links.
 */
#ifndef SKERRY_GUEST_FILES_H
#define SKERRY_GUEST_FILES_H

#include <stdbool.h>

/*
 * Writes what it can: an odd image or a full disk must not keep a guest from its start. The file of
 * the host name is left alone where the name is not ours to write.
 */
void guest_files_write(const char *hostname, bool name_is_ours);
/* Of files that guest_files_write wrote for another name: writes them anew. */
void guest_files_rename(const char *from, const char *to, bool name_is_ours);
/*
 * A user of the guest can no longer make root write or change a file by a link in a directory of
 * theirs or in /tmp.
 */
void guest_files_protect_links(void);

#endif
