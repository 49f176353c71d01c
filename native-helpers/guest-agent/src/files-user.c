#include "files-user.h"

#include <errno.h>
#include <stddef.h>

#include "files-failure.h"

int files_find_user(const char *name, struct user *user)
{
	if (user_find(name, user) == 0)
		return 0;
	return files_refuse(EINVAL, name == NULL ? "0" : name, "there is no such user or group");
}
