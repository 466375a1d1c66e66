#include "checksums.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The checksum of a page: four lanes of 8 bytes at a time, each step a bijection of what came before,
// so that a change within any 8 bytes is always found. The number of the page is part of it: a page
// that was written to the wrong place is found too.

static uint64_t turn(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

static uint64_t step(uint64_t sum, const unsigned char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return turn((sum ^ word) * 0x9E3779B97F4A7C15u, 29);
}

static uint64_t checksum(const unsigned char *page, int64_t number) {
  const int end = usance_page_bytes - usance_checksum_bytes;
  uint64_t lanes[4] = {(uint64_t)number, 1, 2, 3};
  int place = 0;
  for (; place + 32 <= end; place += 32)
    for (int lane = 0; lane < 4; lane++) lanes[lane] = step(lanes[lane], page + place + 8 * lane);
  uint64_t sum = 0;
  for (int lane = 0; lane < 4; lane++)
    sum = turn((sum ^ lanes[lane]) * 0xBF58476D1CE4E5B9u, 31);
  for (; place < end; place += 8) sum = step(sum, page + place);
  sum ^= sum >> 32;
  // Zero says that there is none.
  return sum ? sum : 1;
}

static void seal(unsigned char *page, int64_t number) {
  uint64_t sum = checksum(page, number);
  for (int byte = 0; byte < usance_checksum_bytes; byte++)
    page[usance_page_bytes - usance_checksum_bytes + byte] = (unsigned char)(sum >> (8 * byte));
}

enum usance_page_state usance_page_check(const unsigned char *page, int64_t number) {
  const unsigned char *kept = page + usance_page_bytes - usance_checksum_bytes;
  uint64_t sum = 0;
  for (int byte = 0; byte < usance_checksum_bytes; byte++) sum |= (uint64_t)kept[byte] << (8 * byte);
  if (!sum) return usance_page_unsealed;
  return sum == checksum(page, number) ? usance_page_sound : usance_page_damaged;
}

// The layer. Only the database file itself passes through it: the frames of the journal have
// checksums of SQLite's own.

enum { tolerated_max = 64 };

_Static_assert((usance_page_damaged_code & 0xff) == SQLITE_CORRUPT, "a kind of SQLITE_CORRUPT");

struct sealed_file {
  sqlite3_file base;
  const char *path;
  int is_noted;
  int tolerated_count;
  int64_t tolerated[tolerated_max];
};

static sqlite3_vfs layer;
static usance_damage_callback on_damage;

static sqlite3_vfs *below(sqlite3_vfs *vfs) { return vfs->pAppData; }
static sqlite3_file *inner(sqlite3_file *file) {
  return (sqlite3_file *)((struct sealed_file *)file + 1);
}

static int is_tolerated(const struct sealed_file *file, int64_t number) {
  for (int place = 0; place < file->tolerated_count; place++)
    if (file->tolerated[place] == number) return 1;
  return 0;
}

static int layer_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  struct sealed_file *sealed = (struct sealed_file *)file;
  int code = inner(file)->pMethods->xRead(inner(file), bytes, count, offset);
  if (code != SQLITE_OK || count != usance_page_bytes) return code;
  int64_t number = offset / usance_page_bytes + 1;
  if (usance_page_check(bytes, number) == usance_page_damaged && !is_tolerated(sealed, number)) {
    if (on_damage) on_damage(sealed->path, number);
    if (!sealed->is_noted) return usance_page_damaged_code;
  }
  // What goes on from here into the journal says that it has no checksum, not that of another state.
  memset((unsigned char *)bytes + usance_page_bytes - usance_checksum_bytes, 0,
         usance_checksum_bytes);
  return SQLITE_OK;
}

static int layer_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  if (count != usance_page_bytes)
    return inner(file)->pMethods->xWrite(inner(file), bytes, count, offset);
  unsigned char page[usance_page_bytes];
  memcpy(page, bytes, usance_page_bytes);
  seal(page, offset / usance_page_bytes + 1);
  return inner(file)->pMethods->xWrite(inner(file), page, count, offset);
}

static int layer_close(sqlite3_file *file) { return inner(file)->pMethods->xClose(inner(file)); }
static int layer_truncate(sqlite3_file *file, sqlite3_int64 size) {
  return inner(file)->pMethods->xTruncate(inner(file), size);
}
static int layer_sync(sqlite3_file *file, int flags) {
  return inner(file)->pMethods->xSync(inner(file), flags);
}
static int layer_size(sqlite3_file *file, sqlite3_int64 *size) {
  return inner(file)->pMethods->xFileSize(inner(file), size);
}
static int layer_lock(sqlite3_file *file, int lock) {
  return inner(file)->pMethods->xLock(inner(file), lock);
}
static int layer_unlock(sqlite3_file *file, int lock) {
  return inner(file)->pMethods->xUnlock(inner(file), lock);
}
static int layer_check_lock(sqlite3_file *file, int *is_reserved) {
  return inner(file)->pMethods->xCheckReservedLock(inner(file), is_reserved);
}
static int layer_control(sqlite3_file *file, int operation, void *argument) {
  return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}
static int layer_sector(sqlite3_file *file) {
  return inner(file)->pMethods->xSectorSize(inner(file));
}
static int layer_traits(sqlite3_file *file) {
  int traits = inner(file)->pMethods->xDeviceCharacteristics(inner(file));
  traits &= ~SQLITE_IOCAP_BATCH_ATOMIC;
#ifdef SQLITE_IOCAP_SUBPAGE_READ
  traits &= ~SQLITE_IOCAP_SUBPAGE_READ;
#endif
  return traits;
}
static int layer_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **at) {
  return inner(file)->pMethods->xShmMap(inner(file), region, size, extend, at);
}
static int layer_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}
static void layer_shm_barrier(sqlite3_file *file) {
  inner(file)->pMethods->xShmBarrier(inner(file));
}
static int layer_shm_unmap(sqlite3_file *file, int remove) {
  return inner(file)->pMethods->xShmUnmap(inner(file), remove);
}

// Version 2: without memory mapping, which would pass by the checks.
static const sqlite3_io_methods methods = {
    2,
    layer_close,
    layer_read,
    layer_write,
    layer_truncate,
    layer_sync,
    layer_size,
    layer_lock,
    layer_unlock,
    layer_check_lock,
    layer_control,
    layer_sector,
    layer_traits,
    layer_shm_map,
    layer_shm_lock,
    layer_shm_barrier,
    layer_shm_unmap,
    0,
    0,
};

static void read_tolerated(struct sealed_file *file, const char *list) {
  while (list && *list && file->tolerated_count < tolerated_max) {
    char *end;
    long long number = strtoll(list, &end, 10);
    if (end == list) return;
    file->tolerated[file->tolerated_count++] = number;
    list = *end == ',' ? end + 1 : end;
  }
}

static int layer_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *given) {
  if (!(flags & SQLITE_OPEN_MAIN_DB)) return below(vfs)->xOpen(below(vfs), path, file, flags, given);
  struct sealed_file *sealed = (struct sealed_file *)file;
  memset(sealed, 0, sizeof *sealed);
  int code = below(vfs)->xOpen(below(vfs), path, inner(file), flags, given);
  if (code != SQLITE_OK) {
    // SQLite closes what has methods, also after a failure.
    if (inner(file)->pMethods) inner(file)->pMethods->xClose(inner(file));
    return code;
  }
  file->pMethods = &methods;
  sealed->path = path;
  const char *damage = sqlite3_uri_parameter(path, "damage");
  sealed->is_noted = damage && strcmp(damage, "noted") == 0;
  read_tolerated(sealed, sqlite3_uri_parameter(path, "tolerated"));
  return SQLITE_OK;
}

static int layer_delete(sqlite3_vfs *vfs, const char *path, int sync) {
  return below(vfs)->xDelete(below(vfs), path, sync);
}
static int layer_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  return below(vfs)->xAccess(below(vfs), path, flags, result);
}
static int layer_full_path(sqlite3_vfs *vfs, const char *path, int count, char *full) {
  return below(vfs)->xFullPathname(below(vfs), path, count, full);
}
static int layer_random(sqlite3_vfs *vfs, int count, char *bytes) {
  return below(vfs)->xRandomness(below(vfs), count, bytes);
}
static int layer_sleep(sqlite3_vfs *vfs, int microseconds) {
  return below(vfs)->xSleep(below(vfs), microseconds);
}
static int layer_time(sqlite3_vfs *vfs, double *time) {
  return below(vfs)->xCurrentTime(below(vfs), time);
}
static int layer_last_error(sqlite3_vfs *vfs, int count, char *text) {
  return below(vfs)->xGetLastError(below(vfs), count, text);
}

int usance_checksums_register(usance_damage_callback callback) {
  if (sqlite3_vfs_find("usance")) return SQLITE_OK;
  sqlite3_vfs *system = sqlite3_vfs_find(0);
  if (!system) return SQLITE_ERROR;
  on_damage = callback;
  layer.iVersion = 1;
  layer.szOsFile = (int)sizeof(struct sealed_file) + system->szOsFile;
  layer.mxPathname = system->mxPathname;
  layer.zName = "usance";
  layer.pAppData = system;
  layer.xOpen = layer_open;
  layer.xDelete = layer_delete;
  layer.xAccess = layer_access;
  layer.xFullPathname = layer_full_path;
  layer.xRandomness = layer_random;
  layer.xSleep = layer_sleep;
  layer.xCurrentTime = layer_time;
  layer.xGetLastError = layer_last_error;
  return sqlite3_vfs_register(&layer, 0);
}

int usance_checksums_reserve(void *connection) {
  int bytes = usance_checksum_bytes;
  return sqlite3_file_control(connection, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
}

// The journal. Its form is described in https://www.sqlite.org/fileformat2.html#walformat.

enum { header_bytes = 32, frame_header_bytes = 24 };

static uint32_t big(const unsigned char *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}
static uint32_t little(const unsigned char *bytes) {
  return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

static void sum_journal(const unsigned char *bytes, int count, int is_big, uint32_t sums[2]) {
  for (int place = 0; place < count; place += 8) {
    sums[0] += (is_big ? big : little)(bytes + place) + sums[1];
    sums[1] += (is_big ? big : little)(bytes + place + 4) + sums[0];
  }
}

static int read_frames(FILE *file, struct usance_journal *journal) {
  unsigned char header[header_bytes], frame[frame_header_bytes + usance_page_bytes];
  if (fread(header, 1, sizeof header, file) < sizeof header) return 0;
  uint32_t sums[2] = {0, 0};
  int is_big = (int)(big(header) & 1);
  sum_journal(header, 24, is_big, sums);
  if ((big(header) & ~1u) != 0x377F0682 || big(header + 8) != usance_page_bytes ||
      sums[0] != big(header + 24) || sums[1] != big(header + 28)) {
    // Without its header SQLite reads nothing of it, be it never so long.
    while (fread(frame, 1, sizeof frame, file) == sizeof frame) journal->lost++;
    return ferror(file) ? EIO : 0;
  }
  int is_sound = 1, is_later = 0;
  while (fread(frame, 1, sizeof frame, file) == sizeof frame) {
    int is_ours = memcmp(frame + 8, header + 16, 8) == 0;
    if (is_sound) {
      uint32_t next[2] = {sums[0], sums[1]};
      sum_journal(frame, 8, is_big, next);
      sum_journal(frame + frame_header_bytes, usance_page_bytes, is_big, next);
      is_sound = is_ours && next[0] == big(frame + 16) && next[1] == big(frame + 20);
      memcpy(sums, next, sizeof sums);
    }
    if (is_sound) {
      journal->sound++;
    } else if (is_ours) {
      if (is_later) journal->lost++;
      // The last frame of a transaction says how large the database is then.
      if (big(frame + 4) != 0) is_later = 1;
    }
  }
  return ferror(file) ? EIO : 0;
}

int usance_journal_read(const char *path, struct usance_journal *journal) {
  journal->sound = journal->lost = 0;
  FILE *file = fopen(path, "rb");
  if (!file) return errno == ENOENT ? 0 : errno;
  int code = read_frames(file, journal);
  fclose(file);
  return code;
}
