#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hold.h"
#include "spawn.h"
#include "user.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { CLOSE_RANGE_IS_CLOEXEC = 4, SOFT_FILE_LIMIT = 1024 };

_Noreturn static void fail(const struct child_files *files, enum start_failure kind, int error)
{
	const struct spawn_failure failure = {.kind = kind, .error = error};

	/* A pipe takes this in one piece; if it is gone the agent is, too. */
	if (write(files->status, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

static void reset_signals(void)
{
	const struct sigaction by_default = {.sa_handler = SIG_DFL};
	sigset_t none;

	/* Those that the C library keeps for itself refuse, and are at their default. */
	for (int number = 1; number <= 64; number++)
		sigaction(number, &by_default, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Descriptors 0 to 2, and nothing else that survives the exec. */
static int place_files(const struct child_files *files)
{
	const bool tty = files->terminal >= 0;
	const int wanted[] = {
		tty ? files->terminal : files->input,
		tty ? files->terminal : files->output,
		tty ? files->terminal : files->error,
	};

	if (tty && ioctl(files->terminal, TIOCSCTTY, 0) != 0)
		return -1;
	for (int fd = 0; fd < 3; fd++)
		if (dup2(wanted[fd], fd) != fd)
			return -1;
	/* The rest is close-on-exec already; a kernel without this call loses nothing. */
	syscall(SYS_close_range, 3u, UINT_MAX, CLOSE_RANGE_IS_CLOEXEC);
	return 0;
}

static int become(const struct user *user)
{
	if (setgroups(user->group_count, user->groups) != 0)
		return -1;
	if (setresgid(user->gid, user->gid, user->gid) != 0)
		return -1;
	return setresuid(user->uid, user->uid, user->uid);
}

static const char *variable(char *const *envp, const char *name)
{
	const size_t length = strlen(name);

	for (; *envp != NULL; envp++)
		if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=')
			return *envp + length + 1;
	return NULL;
}

/* An exec that failed: what that says about the command. */
static enum start_failure judge(const char *path, int error)
{
	struct stat status;

	switch (error) {
	case ENOENT:
		/* The file is there and its interpreter is not. */
		return stat(path, &status) == 0 ? START_NOT_EXECUTABLE : START_NOT_FOUND;
	case ENOTDIR:
	case ENAMETOOLONG:
		return START_NOT_FOUND;
	case EACCES:
	case EPERM:
	case ENOEXEC:
	case EISDIR:
	case ELIBBAD:
		return START_NOT_EXECUTABLE;
	default:
		return START_OTHER;
	}
}

/* Tries each directory in turn, as execvpe does, but remembers the most telling failure. */
_Noreturn static void search(const struct exec_message *request, char **envp,
			     const struct child_files *files)
{
	const char *path = variable(request->envp, "PATH");
	enum start_failure kind = START_NOT_FOUND;
	int error = ENOENT;

	if (path == NULL)
		path = DEFAULT_PATH;
	for (const char *end; path != NULL; path = *end == ':' ? end + 1 : NULL) {
		char candidate[PATH_MAX];
		int length;

		end = strchrnul(path, ':');
		/* An empty directory is the current one. */
		length = snprintf(candidate, sizeof(candidate), "%.*s%s%s", (int)(end - path), path,
				  end == path ? "" : "/", request->argv[0]);
		if (length < 0 || length >= (int)sizeof(candidate))
			continue;
		execve(candidate, request->argv, envp);

		const int cause = errno;
		const enum start_failure found = judge(candidate, cause);

		if (found == START_NOT_FOUND)
			continue;
		kind = found;
		error = cause;
		if (cause != EACCES)
			break;
	}
	fail(files, kind, error);
}

_Noreturn static void execute(const struct exec_message *request, char **envp,
			      const struct child_files *files)
{
	const char *command = request->argv[0];

	if (command[0] == '\0')
		fail(files, START_NOT_FOUND, ENOENT);
	if (strchr(command, '/') == NULL)
		search(request, envp, files);
	execve(command, request->argv, envp);

	const int error = errno;
	fail(files, judge(command, error), error);
}

_Noreturn void child_run(const struct exec_message *request, const struct child_files *files)
{
	struct user user;
	struct rlimit open_files;
	char home[HOME_MAX + sizeof("HOME=")];
	char *envp[STRINGS_MAX + 2];
	size_t count = 0;

	hold_join();
	setsid();
	if (getrlimit(RLIMIT_NOFILE, &open_files) == 0 && open_files.rlim_cur > SOFT_FILE_LIMIT) {
		open_files.rlim_cur = SOFT_FILE_LIMIT;
		setrlimit(RLIMIT_NOFILE, &open_files);
	}
	umask(022);
	if (user_find(request->user, &user) != 0)
		fail(files, START_BAD_USER, errno);
	/* Entered before root is given up, so that a directory only root can reach will do. */
	if (chdir(request->workdir) != 0)
		fail(files, START_BAD_WORKDIR, errno);
	if (files->terminal >= 0 && fchown(files->terminal, user.uid, (gid_t)-1) != 0)
		fail(files, START_OTHER, errno);
	for (char **each = request->envp; *each != NULL; each++)
		envp[count++] = *each;
	if (variable(request->envp, "HOME") == NULL) {
		snprintf(home, sizeof(home), "HOME=%s", user.home);
		envp[count++] = home;
	}
	envp[count] = NULL;
	/* In tests the agent is no root: then there is nothing to change. */
	if ((user.uid != getuid() || user.gid != getgid() || getuid() == 0) && become(&user) != 0)
		fail(files, START_BAD_USER, errno);
	if (place_files(files) != 0)
		fail(files, START_OTHER, errno);
	reset_signals();
	execute(request, envp, files);
}

_Noreturn void child_work(int (*work)(void), const struct child_files *files)
{
	hold_join();
	setsid();
	if (place_files(files) != 0)
		fail(files, START_OTHER, errno);
	reset_signals();
	/* No exec closes it, which would say that the work has begun. */
	close(files->status);
	_exit(work());
}
