/*
 * Who owns what work on files makes.
 */
#ifndef SKERRY_FILES_USER_H
#define SKERRY_FILES_USER_H

#include "user.h"

/* As user_find; 0, or an exit code when it has been said that there is none. */
int files_find_user(const char *name, struct user *user);

#endif
