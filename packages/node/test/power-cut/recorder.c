/*
 * Preloaded into a recorded program (LD_PRELOAD), writes down in one order every call that changes
 * a file under one folder. The other half is trace.ts, which reads what this file writes.
 *
 * POWER_CUT_FOLDER  absolute real path of the folder; calls elsewhere pass through untouched
 * POWER_CUT_MARKS   absolute real path of the file where each line written is a mark
 * POWER_CUT_TRACE   the file that receives the trace
 *
 * The kernel is called directly (syscall), so that nothing here recurses and no symbol has to be
 * looked up. A mutex is held from before a change until it is in the trace: the order of the trace
 * is the order in which things happened, whatever the number of threads. A sync is two records,
 * and does not hold the mutex between them: it must not make another thread's answer wait.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if __SIZEOF_LONG__ != 8
#error "The recorder passes file offsets in one register: it needs a 64-bit system."
#endif

/* Some C libraries turn these names into macros; here they are functions to define. */
#undef open64
#undef openat64
#undef creat64
#undef pwrite64
#undef pwritev64
#undef ftruncate64
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

enum kind { BEGIN, FAILED, OPEN, WRITE, TRUNCATE, SYNC_START, SYNC_END, UNLINK, RENAME, MARK };
enum place { ELSEWHERE, IN_FOLDER, IN_MARKS };

/* One record: this header, then the path relative to the folder, then the content. */
struct header {
  uint32_t kind;
  uint32_t path_length;
  uint64_t number;
  uint64_t content_length;
};

static char folder[PATH_MAX];
static size_t folder_length;
static char marks[PATH_MAX];
static int trace = -1;
static uint64_t sync_count;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *why) {
  static const char intro[] = "power-cut recorder: ";
  syscall(SYS_write, 2, intro, sizeof intro - 1);
  syscall(SYS_write, 2, why, strlen(why));
  syscall(SYS_write, 2, "\n", 1);
  abort();
}

__attribute__((constructor)) static void start(void) {
  const char *folder_path = getenv("POWER_CUT_FOLDER");
  const char *marks_path = getenv("POWER_CUT_MARKS");
  const char *trace_path = getenv("POWER_CUT_TRACE");
  if (!folder_path || !marks_path || !trace_path) return;
  snprintf(folder, sizeof folder, "%s", folder_path);
  snprintf(marks, sizeof marks, "%s", marks_path);
  folder_length = strlen(folder);
  int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC;
  trace = syscall(SYS_openat, AT_FDCWD, trace_path, flags, 0600);
  if (trace < 0) fail("the trace file cannot be opened.");
  /* A program started by this one would write into the trace with a mutex of its own. */
  unsetenv("LD_PRELOAD");
}

/* ---- the trace; the caller holds the mutex ---- */

static void append(const void *bytes, size_t length) {
  const char *rest = bytes;
  while (length > 0) {
    long done = syscall(SYS_write, trace, rest, length);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("the trace cannot be written, is the disk full?");
    rest += done;
    length -= done;
  }
}

static void append_header(enum kind kind, uint64_t number, const char *path, uint64_t content) {
  struct header header = {kind, strlen(path), number, content};
  append(&header, sizeof header);
  append(path, header.path_length);
}

/* Announces a change. A trace that ends here: the change may or may not have happened. */
static void begin(void) {
  append_header(BEGIN, 0, "", 0);
}

/* The announced change was refused and has changed nothing. */
static void append_failed(void) {
  append_header(FAILED, 0, "", 0);
}

/* ---- where a file is ---- */

static enum place place_of_path(const char *absolute, char *relative) {
  if (strcmp(absolute, marks) == 0) {
    relative[0] = 0;
    return IN_MARKS;
  }
  if (strncmp(absolute, folder, folder_length) != 0) return ELSEWHERE;
  if (absolute[folder_length] != '/') return ELSEWHERE;
  strcpy(relative, absolute + folder_length + 1);
  return IN_FOLDER;
}

/* The kernel knows the present name of an open file, after any dup or rename. */
static enum place place_of_fd(int fd, char *relative) {
  struct stat status;
  if (trace < 0 || fstat(fd, &status) != 0) return ELSEWHERE;
  if (!S_ISREG(status.st_mode) || status.st_nlink == 0) return ELSEWHERE;
  char link[64];
  char absolute[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, absolute, sizeof absolute - 1);
  if (length < 0) return ELSEWHERE;
  absolute[length] = 0;
  return place_of_path(absolute, relative);
}

/* The last name of a path need not exist; the folder that holds it must. */
static enum place place_of_name(int folder_fd, const char *path, char *relative) {
  char whole[PATH_MAX + 32];
  char real[PATH_MAX];
  char absolute[PATH_MAX * 2];
  if (trace < 0 || path == NULL || strlen(path) >= PATH_MAX) return ELSEWHERE;
  if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
  else if (folder_fd == AT_FDCWD) snprintf(whole, sizeof whole, "./%s", path);
  else snprintf(whole, sizeof whole, "/proc/self/fd/%d/%s", folder_fd, path);
  char *name = strrchr(whole, '/');
  *name++ = 0;
  if (realpath(whole[0] ? whole : "/", real) == NULL) return ELSEWHERE;
  snprintf(absolute, sizeof absolute, "%s/%s", real[1] ? real : "", name);
  return place_of_path(absolute, relative);
}

/* Takes the mutex when the file is ours. Its name is read again: a rename may have come first. */
static enum place enter(int fd, char *relative) {
  if (place_of_fd(fd, relative) == ELSEWHERE) return ELSEWHERE;
  pthread_mutex_lock(&order);
  enum place place = place_of_fd(fd, relative);
  if (place == ELSEWHERE) pthread_mutex_unlock(&order);
  return place;
}

static void leave(int error) {
  pthread_mutex_unlock(&order);
  errno = error;
}

/* ---- the recorded calls ---- */

static int open_at(int folder_fd, const char *path, int flags, mode_t mode) {
  char relative[PATH_MAX];
  int before = errno;
  if (trace < 0 || !(flags & (O_CREAT | O_TRUNC | O_DSYNC)) || (flags & O_TMPFILE) == O_TMPFILE ||
      place_of_name(folder_fd, path, relative) != IN_FOLDER) {
    errno = before;
    return syscall(SYS_openat, folder_fd, path, flags, mode);
  }
  if (flags & O_DSYNC) fail("a file opened with O_SYNC or O_DSYNC is not simulated.");
  errno = before;
  pthread_mutex_lock(&order);
  begin();
  int fd = syscall(SYS_openat, folder_fd, path, flags, mode);
  int error = errno;
  if (fd >= 0) append_header(OPEN, (flags & O_TRUNC) != 0, relative, 0);
  else append_failed();
  leave(error);
  return fd;
}

static mode_t mode_argument(int flags, va_list rest) {
  return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN_FUNCTION(name)                        \
  int name(const char *path, int flags, ...) {     \
    va_list rest;                                  \
    va_start(rest, flags);                         \
    mode_t mode = mode_argument(flags, rest);      \
    va_end(rest);                                  \
    return open_at(AT_FDCWD, path, flags, mode);   \
  }
#define OPENAT_FUNCTION(name)                                   \
  int name(int folder_fd, const char *path, int flags, ...) {   \
    va_list rest;                                               \
    va_start(rest, flags);                                      \
    mode_t mode = mode_argument(flags, rest);                   \
    va_end(rest);                                               \
    return open_at(folder_fd, path, flags, mode);               \
  }

OPEN_FUNCTION(open)
OPEN_FUNCTION(open64)
OPENAT_FUNCTION(openat)
OPENAT_FUNCTION(openat64)

/* What a program compiled with _FORTIFY_SOURCE calls instead. */
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __openat_2(int fd, const char *path, int flags) { return open_at(fd, path, flags, 0); }
int __openat64_2(int fd, const char *path, int flags) { return open_at(fd, path, flags, 0); }

int creat(const char *path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

static void append_parts(const struct iovec *parts, size_t length) {
  for (; length > 0; parts++) {
    size_t part = parts->iov_len < length ? parts->iov_len : length;
    append(parts->iov_base, part);
    length -= part;
  }
}

/* The caller is in: what is written to the file is in the trace when this returns. */
static ssize_t put(enum place place, const char *relative, int fd, const struct iovec *parts,
                   int count, const off_t *offset) {
  begin();
  ssize_t written = offset ? syscall(SYS_pwritev, fd, parts, count, *offset, 0L)
                           : syscall(SYS_writev, fd, parts, count);
  int error = errno;
  if (written >= 0) {
    off_t end = offset ? *offset + written : lseek(fd, 0, SEEK_CUR);
    append_header(place == IN_MARKS ? MARK : WRITE, end - written, relative, written);
    append_parts(parts, written);
  } else append_failed();
  leave(error);
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  char relative[PATH_MAX];
  int before = errno;
  enum place place = enter(fd, relative);
  errno = before;
  if (place == ELSEWHERE) return syscall(SYS_write, fd, bytes, length);
  struct iovec part = {(void *)bytes, length};
  return put(place, relative, fd, &part, 1, NULL);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  char relative[PATH_MAX];
  int before = errno;
  enum place place = enter(fd, relative);
  errno = before;
  if (place == ELSEWHERE) return syscall(SYS_pwrite64, fd, bytes, length, offset);
  struct iovec part = {(void *)bytes, length};
  return put(place, relative, fd, &part, 1, &offset);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite(fd, bytes, length, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  char relative[PATH_MAX];
  int before = errno;
  enum place place = enter(fd, relative);
  errno = before;
  if (place == ELSEWHERE) return syscall(SYS_writev, fd, parts, count);
  return put(place, relative, fd, parts, count, NULL);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  char relative[PATH_MAX];
  int before = errno;
  enum place place = enter(fd, relative);
  errno = before;
  if (place == ELSEWHERE) return syscall(SYS_pwritev, fd, parts, count, offset, 0L);
  return put(place, relative, fd, parts, count, &offset);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) {
  return pwritev(fd, parts, count, offset);
}

int ftruncate(int fd, off_t length) {
  char relative[PATH_MAX];
  int before = errno;
  enum place place = enter(fd, relative);
  errno = before;
  if (place == ELSEWHERE) return syscall(SYS_ftruncate, fd, length);
  begin();
  int result = syscall(SYS_ftruncate, fd, length);
  int error = errno;
  if (result == 0 && place == IN_FOLDER) append_header(TRUNCATE, length, relative, 0);
  else append_failed();
  leave(error);
  return result;
}
int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

/* What was written before SYNC_START is durable from SYNC_END on; a failed sync has no end. */
static int sync_fd(long call, int fd) {
  char relative[PATH_MAX];
  int before = errno;
  enum place place = enter(fd, relative);
  uint64_t number = 0;
  if (place == IN_FOLDER) append_header(SYNC_START, number = ++sync_count, relative, 0);
  if (place != ELSEWHERE) leave(before);
  errno = before;
  int result = syscall(call, fd);
  int error = errno;
  if (result == 0 && place == IN_FOLDER) {
    pthread_mutex_lock(&order);
    append_header(SYNC_END, number, relative, 0);
    leave(error);
  }
  return result;
}
int fsync(int fd) { return sync_fd(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_fd(SYS_fdatasync, fd); }

int unlinkat(int folder_fd, const char *path, int flags) {
  char relative[PATH_MAX];
  int before = errno;
  bool ours = !(flags & AT_REMOVEDIR) && place_of_name(folder_fd, path, relative) == IN_FOLDER;
  errno = before;
  if (!ours) return syscall(SYS_unlinkat, folder_fd, path, flags);
  pthread_mutex_lock(&order);
  begin();
  int result = syscall(SYS_unlinkat, folder_fd, path, flags);
  int error = errno;
  if (result == 0) append_header(UNLINK, 0, relative, 0);
  else append_failed();
  leave(error);
  return result;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int remove(const char *path) {
  int result = unlinkat(AT_FDCWD, path, 0);
  if (result != 0 && errno == EISDIR) return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
  return result;
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags) {
  char old_name[PATH_MAX];
  char new_name[PATH_MAX];
  int before = errno;
  bool leaves = place_of_name(from_fd, from, old_name) == IN_FOLDER;
  bool arrives = place_of_name(to_fd, to, new_name) == IN_FOLDER;
  errno = before;
  if (!leaves && !arrives) return syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
  if (!leaves) fail("a file that arrives in the folder by rename is not simulated.");
  if (flags & ~RENAME_NOREPLACE) fail("an exchange of two names is not simulated.");
  pthread_mutex_lock(&order);
  begin();
  int result = syscall(SYS_renameat2, from_fd, from, to_fd, to, flags);
  int error = errno;
  if (result != 0) append_failed();
  else if (!arrives) append_header(UNLINK, 0, old_name, 0);
  else {
    append_header(RENAME, 0, old_name, strlen(new_name));
    append(new_name, strlen(new_name));
  }
  leave(error);
  return result;
}
int renameat(int from_fd, const char *from, int to_fd, const char *to) {
  return renameat2(from_fd, from, to_fd, to, 0);
}
int rename(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
