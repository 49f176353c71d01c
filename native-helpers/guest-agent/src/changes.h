/*
 * The changes of a root above its image, as the tar of a layer (OCI image specification, layer.md):
 * what an overlay's upper directory holds, whiteouts and opaque directories in their form there.
 */
#ifndef SKERRY_CHANGES_H
#define SKERRY_CHANGES_H

/*
 * Writes the tar to descriptor 1 and a line to descriptor 2 for whatever is left out or cannot be
 * read. Runs in a process of its own, of which it keeps no other descriptor than these and the
 * upper directory, which it takes over. Returns an exit code: 0 where the tar is whole.
 */
int changes_write(int upper_fd, const char *hostname);

#endif
