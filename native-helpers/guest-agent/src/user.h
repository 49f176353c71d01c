/*
 * Users of the guest's /etc/passwd and /etc/group, read as text: a static program has no NSS.
 */
#ifndef SKERRY_USER_H
#define SKERRY_USER_H

#include <stdint.h>
#include <sys/types.h>

enum { GROUPS_MAX = 256, HOME_MAX = 1024, ACCOUNT_NAME_MAX = 64 };

struct user {
	uid_t uid;
	gid_t gid;
	gid_t groups[GROUPS_MAX];
	size_t group_count;
	char home[HOME_MAX];
};

/*
 * Finds `USER[:GROUP]`, names or numbers; NULL is root. A number needs no entry. An explicit group
 * stands alone; otherwise those that list the user come along. Returns 0, or -1 with errno.
 */
int user_find(const char *specification, struct user *user);

/* What a user or group with this number is called; empty where there is none, or a long name. */
void user_name(uint32_t uid, char name[ACCOUNT_NAME_MAX]);
void group_name(uint32_t gid, char name[ACCOUNT_NAME_MAX]);

#endif
