/*
 * Preloaded into a program (LD_PRELOAD), makes some of its calls on the files of one folder fail, as a
 * failing or full disk does. Each failure is told on standard error.
 *
 * FAULT_FOLDER  absolute real path of the folder; files elsewhere are left alone
 * FAULT_FILE    how the names of the files end that fail; empty for all
 * FAULT_CALL    `sync` (fsync, fdatasync) or `write`
 * FAULT_NTH     the first call that fails, from 1
 * FAULT_TIMES   how many fail; 0 for all that follow
 * FAULT_ERROR   `EIO` or `ENOSPC`
 *
 * A sync that fails has synced nothing; a write that fails has written nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#undef pwrite64
#undef pwritev64

enum call { SYNC, WRITE };

static char folder[PATH_MAX];
static char ending[NAME_MAX];
static enum call failing;
static long first;
static long times;
static int error;
static atomic_long calls;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

__attribute__((constructor)) static void start(void) {
  snprintf(folder, sizeof folder, "%s", setting("FAULT_FOLDER"));
  snprintf(ending, sizeof ending, "%s", setting("FAULT_FILE"));
  failing = strcmp(setting("FAULT_CALL"), "sync") == 0 ? SYNC : WRITE;
  first = atol(setting("FAULT_NTH"));
  times = atol(setting("FAULT_TIMES"));
  error = strcmp(setting("FAULT_ERROR"), "ENOSPC") == 0 ? ENOSPC : EIO;
  unsetenv("LD_PRELOAD");
}

static bool is_ours(int fd) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = readlink(link, path, sizeof path - 1);
  if (length < 0) return false;
  path[length] = 0;
  size_t folder_length = strlen(folder);
  size_t ending_length = strlen(ending);
  if (folder_length == 0 || strncmp(path, folder, folder_length) != 0) return false;
  if (path[folder_length] != '/' || (size_t)length < ending_length) return false;
  return strcmp(path + length - ending_length, ending) == 0;
}

/* True when this call fails; errno then says why. */
static bool fails(enum call call, int fd) {
  int before = errno;
  if (call != failing || !is_ours(fd)) {
    errno = before;
    return false;
  }
  long number = ++calls;
  errno = before;
  if (number < first || (times > 0 && number >= first + times)) return false;
  char line[96];
  int length = snprintf(line, sizeof line, "fault: %s %ld failed\n", call == SYNC ? "sync" : "write", number);
  syscall(SYS_write, 2, line, (size_t)length);
  errno = error;
  return true;
}

int fsync(int fd) { return fails(SYNC, fd) ? -1 : (int)syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return fails(SYNC, fd) ? -1 : (int)syscall(SYS_fdatasync, fd); }

ssize_t write(int fd, const void *bytes, size_t length) {
  return fails(WRITE, fd) ? -1 : syscall(SYS_write, fd, bytes, length);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return fails(WRITE, fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, length, offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite(fd, bytes, length, offset);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fails(WRITE, fd) ? -1 : syscall(SYS_writev, fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  return fails(WRITE, fd) ? -1 : syscall(SYS_pwritev, fd, parts, count, offset, 0L);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
  return pwritev(fd, parts, count, offset);
}
