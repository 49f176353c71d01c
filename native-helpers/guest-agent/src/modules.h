/*
 * Kernel modules of the initramfs.
 */
#ifndef SKERRY_MODULES_H
#define SKERRY_MODULES_H

/* Loads the files that a list names, in its order, once. A kernel that needs none has no list. */
void load_modules(const char *list_path);

#endif
