/*
 * Prepares what a virtiofs daemon serves to one machine, and becomes that daemon.
 *
 *   share-mount STAGING SOCKET RECORD ENTRY... -- DAEMON [ARGUMENT...]
 *   ENTRY: ro|rw:dir|file:NAME:PATH
 *
 * It runs in a mount namespace of its own (unshare(1) made it), for an ordinary user in a user
 * namespace besides. STAGING, a directory, gets a small filesystem in which each ENTRY is a bind
 * mount. RECORD is written first and names this process for good: pid, start time, boot. SOCKET
 * comes last, so that whoever sees it can connect to it; the daemon has it as descriptor 3.
 *
 * Devices and set-user-ID programs of the host do nothing in these mounts. The guest does not lose
 * them: its kernel interprets modes and device numbers by itself, and making them needs no mount
 * that honours them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* An entry is not what it was said to be; anything else that this host does not let us do. */
enum { EXIT_USAGE = 2, EXIT_ENTRY = 3, EXIT_HOST = 4 };

enum { SOCKET_FD = 3, MAX_ENTRIES = 128, WANTED_FILES = 1000000 };

struct entry {
	const char *name;
	const char *path;
	int read_only;
	int is_file;
	int tree; /* The bind mount, attached nowhere yet. */
};

static _Noreturn void __attribute__((format(printf, 2, 3)))
fail(int status, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fputc('\n', stderr);
	exit(status);
}

/* The next part of an entry, up to a colon, which is replaced by the end of the text. */
static char *take_part(char **rest)
{
	char *part = *rest;
	char *colon = strchr(part, ':');

	if (colon == NULL)
		fail(EXIT_USAGE, "An entry has too few parts: %s.", part);
	*colon = '\0';
	*rest = colon + 1;
	return part;
}

static int choose(const char *word, const char *no, const char *yes)
{
	if (strcmp(word, no) == 0)
		return 0;
	if (strcmp(word, yes) == 0)
		return 1;
	fail(EXIT_USAGE, "An entry has %s where it can have %s or %s.", word, no, yes);
}

static struct entry parse_entry(char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct entry entry;

	entry.read_only = choose(take_part(&text), "rw", "ro");
	entry.is_file = choose(take_part(&text), "dir", "file");
	entry.name = take_part(&text);
	entry.path = text;
	if (entry.name[0] == '\0' || entry.name[0] == '.' ||
	    entry.name[strspn(entry.name, letters)] != '\0')
		fail(EXIT_USAGE, "The name %s cannot be that of an entry.", entry.name);
	return entry;
}

/*
 * The field of /proc/self/stat that tells this process from a later one with its pid: the 22nd,
 * and so the 20th after the name, which is in parentheses and may hold anything.
 */
static void write_record(const char *path)
{
	char stat[4096];
	char boot[64] = "";
	char start[32] = "";
	FILE *file = fopen("/proc/self/stat", "re");

	if (file == NULL || fgets(stat, sizeof stat, file) == NULL)
		fail(EXIT_HOST, "/proc/self/stat cannot be read: %s.", strerror(errno));
	fclose(file);
	char *after_name = strrchr(stat, ')');
	if (after_name == NULL ||
	    sscanf(after_name + 1,
		   " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %31s",
		   start) != 1)
		fail(EXIT_HOST, "/proc/self/stat has no start time.");
	file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (file != NULL) {
		if (fscanf(file, "%63s", boot) != 1)
			boot[0] = '\0';
		fclose(file);
	}
	int record = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (record < 0 ||
	    dprintf(record, "%ld %s %s\n", (long)getpid(), start, boot) < 0 || close(record) < 0)
		fail(EXIT_HOST, "%s cannot be written: %s.", path, strerror(errno));
}

/* Takes the source as it is now, with everything mounted below it, and no way back to writing. */
static void clone_source(struct entry *entry)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	struct mount_attr attributes = {
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
	};
	struct stat facts;
	int source = (int)syscall(SYS_openat2, AT_FDCWD, entry->path, &how, sizeof how);

	if (source < 0 && errno == ELOOP)
		fail(EXIT_ENTRY, "%s is behind a symbolic link now.", entry->path);
	if (source < 0 || fstat(source, &facts) < 0)
		fail(EXIT_ENTRY, "%s cannot be opened: %s.", entry->path, strerror(errno));
	if (entry->is_file ? !S_ISREG(facts.st_mode) : !S_ISDIR(facts.st_mode))
		fail(EXIT_ENTRY, "%s is no %s any more.", entry->path,
		     entry->is_file ? "file" : "directory");
	/* In a user namespace a tree can be had with everything below it or not at all. */
	entry->tree = (int)syscall(SYS_open_tree, source, "",
				   AT_EMPTY_PATH | AT_RECURSIVE | OPEN_TREE_CLONE |
					   OPEN_TREE_CLOEXEC);
	if (entry->tree < 0)
		fail(EXIT_HOST, "%s cannot be bound: %s.", entry->path, strerror(errno));
	if (entry->read_only)
		attributes.attr_set |= MOUNT_ATTR_RDONLY;
	if (syscall(SYS_mount_setattr, entry->tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
		    sizeof attributes) < 0)
		fail(EXIT_HOST, "The mount of %s cannot be restricted: %s.", entry->path,
		     strerror(errno));
	close(source);
}

static void attach(const struct entry *entry, int staging)
{
	int place = entry->is_file
			    ? openat(staging, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)
			    : mkdirat(staging, entry->name, 0700);

	if (place < 0)
		fail(EXIT_HOST, "The place of %s cannot be made: %s.", entry->path, strerror(errno));
	if (entry->is_file)
		close(place);
	if (syscall(SYS_move_mount, entry->tree, "", staging, entry->name,
		    MOVE_MOUNT_F_EMPTY_PATH) < 0)
		fail(EXIT_HOST, "%s cannot be mounted: %s.", entry->path, strerror(errno));
	close(entry->tree);
}

static void make_staging(const char *path, const struct entry *entries, int count)
{
	struct mount_attr read_only = {.attr_set = MOUNT_ATTR_RDONLY};

	if (syscall(SYS_mount, "shares", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		    "mode=0755,size=1m,nr_inodes=1k") < 0)
		fail(EXIT_HOST, "%s cannot be mounted: %s.", path, strerror(errno));
	int staging = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (staging < 0)
		fail(EXIT_HOST, "%s cannot be opened: %s.", path, strerror(errno));
	for (int index = 0; index < count; index++)
		attach(&entries[index], staging);
	/* This mount alone: nothing can be added beside the entries. */
	if (syscall(SYS_mount_setattr, staging, "", AT_EMPTY_PATH, &read_only, sizeof read_only) < 0)
		fail(EXIT_HOST, "%s cannot be made read-only: %s.", path, strerror(errno));
	close(staging);
}

/*
 * Daemons insist on dropping the groups of whoever started them, which a user namespace of an
 * ordinary user forbids (user_namespaces(7), setgroups). What the guest does is then done with the
 * user's own groups: no more than this user may do anyway. Let the request succeed.
 */
static void allow_to_keep_groups(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setgroups, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
	char answer[8] = "";
	FILE *file = fopen("/proc/self/setgroups", "re");

	if (file == NULL)
		return;
	if (fscanf(file, "%7s", answer) != 1 || strcmp(answer, "deny") != 0)
		answer[0] = '\0';
	fclose(file);
	if (answer[0] == '\0' || getgroups(0, NULL) == 0)
		return;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0)
		fail(EXIT_HOST, "A seccomp filter cannot be set: %s.", strerror(errno));
}

/* A daemon holds a descriptor for each file that the guest knows: as many as may be had. */
static void raise_file_limit(void)
{
	struct rlimit limit = {.rlim_cur = WANTED_FILES, .rlim_max = WANTED_FILES};
	struct rlimit now;

	if (getrlimit(RLIMIT_NOFILE, &now) < 0)
		return;
	if (now.rlim_max < WANTED_FILES && setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return;
	now.rlim_cur = now.rlim_max < WANTED_FILES ? now.rlim_max : WANTED_FILES;
	setrlimit(RLIMIT_NOFILE, &now);
}

/* Bound under another name first: a socket that can be seen is one that accepts connections. */
static void listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path, sizeof address.sun_path, "%s~", path);
	int server = socket(AF_UNIX, SOCK_STREAM, 0);

	if (length < 0 || (size_t)length >= sizeof address.sun_path)
		fail(EXIT_USAGE, "The path of the socket %s is too long.", path);
	umask(0177);
	if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(server, 1) < 0 || rename(address.sun_path, path) < 0)
		fail(EXIT_HOST, "The socket %s cannot be made: %s.", path, strerror(errno));
	umask(022);
	if (server == SOCKET_FD)
		return;
	if (dup2(server, SOCKET_FD) < 0)
		fail(EXIT_HOST, "The socket %s cannot be kept: %s.", path, strerror(errno));
	close(server);
}

int main(int count, char **words)
{
	static struct entry entries[MAX_ENTRIES];
	int entry_count = 0;
	int word = 4;

	for (; word < count && strcmp(words[word], "--") != 0; word++) {
		if (entry_count == MAX_ENTRIES)
			fail(EXIT_USAGE, "There are more than %d entries.", MAX_ENTRIES);
		entries[entry_count++] = parse_entry(words[word]);
	}
	if (word + 1 >= count)
		fail(EXIT_USAGE, "usage: share-mount STAGING SOCKET RECORD ENTRY... -- DAEMON [ARGUMENT...]");
	/* Before there is a socket that somebody could connect to for nothing. */
	if (access(words[word + 1], X_OK) < 0)
		fail(EXIT_HOST, "%s cannot be started: %s.", words[word + 1], strerror(errno));
	write_record(words[3]);
	/* All of them before the first mount of ours, so that none holds what belongs to another. */
	for (int index = 0; index < entry_count; index++)
		clone_source(&entries[index]);
	make_staging(words[1], entries, entry_count);
	raise_file_limit();
	listen_on(words[2]);
	allow_to_keep_groups();
	execv(words[word + 1], &words[word + 1]);
	fail(EXIT_HOST, "%s cannot be started: %s.", words[word + 1], strerror(errno));
}
