#ifndef USANCE_CHECKSUMS_H
#define USANCE_CHECKSUMS_H

#include <stdint.h>

// The size of a page of the database, and of the checksum at its end.
enum { usance_page_bytes = 4096, usance_checksum_bytes = 8 };

// What the last 8 bytes of a page say about the rest of it.
enum usance_page_state {
  usance_page_sound,
  // All zero: SQLite wrote the page without the layer, out of the journal.
  usance_page_unsealed,
  usance_page_damaged,
};

// What a read of a damaged page ends with: SQLITE_CORRUPT with an extended code of our own. After an
// SQLITE_IOERR SQLite would roll the whole transaction back; what does not need the page may go on.
enum { usance_page_damaged_code = 11 | 85 << 8 };

// The state of a page of usance_page_bytes bytes; pages are counted from 1.
enum usance_page_state usance_page_check(const unsigned char *page, int64_t number);

// Called, on any thread, with the path of a database and the page of it that is damaged.
typedef void (*usance_damage_callback)(const char *path, int64_t page);

// Registers the VFS `usance`, once; returns a result code of SQLite. A database is opened through it
// by a URI with `vfs=usance`. `damage=noted` lets damaged pages be read all the same; `tolerated=1,7`
// does so for some pages.
int usance_checksums_register(usance_damage_callback callback);

// Makes room for the checksums in a database that is still empty; `connection` is a `sqlite3 *`.
int usance_checksums_reserve(void *connection);

// What a write-ahead journal still holds.
struct usance_journal {
  // Frames that SQLite will read.
  int64_t sound;
  // Frames behind the first unreadable one that belong to later transactions. Whatever is lost with
  // them was durable: they were begun only after an fsync of what lay before.
  int64_t lost;
};

// Reads a journal; zero on success, else an errno. No file is an empty journal.
int usance_journal_read(const char *path, struct usance_journal *journal);

#endif
