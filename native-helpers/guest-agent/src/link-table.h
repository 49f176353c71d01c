/*
 * Files with several names, by device and inode, and the name that each was met under first. It is bounded: what
 * comes when it is full is not remembered, and is then a file of its own.
 */
#ifndef SKERRY_LINK_TABLE_H
#define SKERRY_LINK_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { LINKED_FILES_MAX = 64 * 1024, LINKED_PATHS_MAX_BYTES = 8 * 1024 * 1024 };

/* The path that was remembered for the inode, or NULL. */
const char *link_table_find(uint64_t device, uint64_t inode);
/* Remembers a path, where there is room for it. */
void link_table_add(uint64_t device, uint64_t inode, const char *path);

#endif
