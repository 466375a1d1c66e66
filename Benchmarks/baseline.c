/* The baseline of `make bench`: a plain C program that puts the same events into a plain SQLite
 * table, each known by UNIQUE (source, id), with the same durability and the same page cache as
 * Usance. It has no HTTP, no JSON, no meters and no buckets: it is what the idea "a table with a
 * unique index" costs on this machine.
 *
 *   baseline FOLDER STORED WARM_UP_SECONDS SECONDS ROWS_PER_TRANSACTION...
 *
 * Fills a fresh database up to STORED rows, 1,000 a transaction, then measures each number of rows a
 * transaction in turn, and prints a JSON object for each.
 *
 *   baseline FOLDER query STORED QUERIES
 *
 * Fills a table of the same rows as fast as it can, gives it the index that usage needs, and asks
 * for January 2024 of one fleet after the other, by day in Berlin, straight from the rows; then for
 * that month of one engine as a whole. */

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static sqlite3 *database;
static sqlite3_stmt *insert_row, *begin, *commit;
static char path[4096];

static void check(int result, const char *what) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  fprintf(stderr, "baseline: %s: %s\n", what, sqlite3_errmsg(database));
  exit(1);
}

static void execute(const char *sql) { check(sqlite3_exec(database, sql, 0, 0, 0), sql); }

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, 0), sql);
  return statement;
}

static int64_t number_of(const char *sql) {
  sqlite3_stmt *statement = prepare(sql);
  check(sqlite3_step(statement), sql);
  int64_t number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void open_database(const char *folder, const char *synchronous, const char *unique) {
  snprintf(path, sizeof path, "%s/baseline.db", folder);
  const char *endings[] = {"", "-wal", "-shm"};
  for (int i = 0; i < 3; i++) {
    char old[4200];
    snprintf(old, sizeof old, "%s%s", path, endings[i]);
    unlink(old);
  }
  check(sqlite3_open(path, &database), path);
  execute("PRAGMA journal_mode = WAL");
  execute(synchronous);
  execute("PRAGMA cache_size = -65536");
  char table[400];
  snprintf(
      table, sizeof table,
      "CREATE TABLE event (sequence INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL,"
      " type TEXT NOT NULL, subject TEXT NOT NULL, occurred INTEGER NOT NULL,"
      " received INTEGER NOT NULL, data TEXT NOT NULL%s) STRICT",
      unique);
  execute(table);
  insert_row = prepare(
      "INSERT OR IGNORE INTO event (source, id, type, subject, occurred, received, data)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)");
  begin = prepare("BEGIN IMMEDIATE");
  commit = prepare("COMMIT");
}

/* As in Benchmarks/Events/EventGenerator.swift. */
static uint64_t random_of(uint64_t place) {
  uint64_t mixed = (place + 1) * 0x9E3779B97F4A7C15ull;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9ull;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBull;
  return mixed ^ mixed >> 31;
}

static void write_id(char *id, uint64_t first, uint64_t second) {
  static const char digits[] = "0123456789abcdef";
  uint64_t halves[2] = {(first & ~0xF000ull) | 0x4000, (second & ~(0xC0ull << 56)) | 0x80ull << 56};
  for (int i = 0, place = 0; i < 32; i++) {
    if (i == 8 || i == 12 || i == 16 || i == 20) id[place++] = '-';
    id[place++] = digits[halves[i / 16] >> (60 - 4 * (i % 16)) & 15];
  }
}

static void insert(int64_t number, int64_t received) {
  uint64_t draw = (uint64_t)number * 3;
  uint64_t first = random_of(draw), second = random_of(draw + 1), third = random_of(draw + 2);
  char id[36], source[] = "//gateway-00", subject[] = "engine-0000";
  char data[] = "{\"seconds\":0000,\"cycles\":1}";
  write_id(id, first, second);
  unsigned asset = (unsigned)((third & 0xFFFFFFFF) * 1000 >> 32);
  unsigned seconds = 1000 + (unsigned)(third >> 40 & 0xFFF);
  source[10] = (char)('0' + asset % 20 / 10);
  source[11] = (char)('0' + asset % 10);
  for (unsigned i = 0, rest = asset; i < 4; i++, rest /= 10) subject[10 - i] = (char)('0' + rest % 10);
  for (unsigned i = 0, rest = seconds; i < 4; i++, rest /= 10) data[14 - i] = (char)('0' + rest % 10);
  int64_t offset = number * 2592 / 10000 % (600 * 86400) - (int64_t)(third >> 32 & 0xFF);
  int64_t occurred = (1704067200 + offset) * 1000000;
  sqlite3_bind_text(insert_row, 1, source, sizeof source - 1, SQLITE_STATIC);
  sqlite3_bind_text(insert_row, 2, id, sizeof id, SQLITE_STATIC);
  sqlite3_bind_text(insert_row, 3, "engine.run", 10, SQLITE_STATIC);
  sqlite3_bind_text(insert_row, 4, subject, sizeof subject - 1, SQLITE_STATIC);
  sqlite3_bind_int64(insert_row, 5, occurred);
  sqlite3_bind_int64(insert_row, 6, received);
  sqlite3_bind_text(insert_row, 7, data, sizeof data - 1, SQLITE_STATIC);
  check(sqlite3_step(insert_row), "insert");
  sqlite3_reset(insert_row);
}

static void transaction(int64_t first, int64_t rows) {
  int64_t received = (int64_t)(now(CLOCK_REALTIME) * 1e6);
  check(sqlite3_step(begin), "begin");
  sqlite3_reset(begin);
  for (int64_t i = 0; i < rows; i++) insert(first + i, received);
  check(sqlite3_step(commit), "commit");
  sqlite3_reset(commit);
}

static int64_t bytes(void) {
  struct stat file;
  execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return stat(path, &file) == 0 ? (int64_t)file.st_size : 0;
}

static int by_size(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

/* Each customer has every twentieth engine, as in Benchmarks/Events/BenchFleet.swift. */
static void bind_fleet(sqlite3_stmt *query, int number) {
  int customer = number % 20;
  for (int i = 0; i < 50; i++) {
    char subject[16];
    snprintf(subject, sizeof subject, "engine-%04d", (customer + 20 * i) % 1000);
    sqlite3_bind_text(query, i + 1, subject, -1, SQLITE_TRANSIENT);
  }
}

static void bind_nothing(sqlite3_stmt *query, int number) {
  (void)query;
  (void)number;
}

/* Microseconds at two places of what was spent: half of the times, and nearly all. */
struct spent {
  double p50, p99;
};

static struct spent measure(sqlite3_stmt *query, int queries, void (*bind)(sqlite3_stmt *, int)) {
  double *times = calloc((size_t)queries, sizeof *times);
  for (int i = 0; i < queries; i++) {
    double start = now(CLOCK_MONOTONIC);
    int result;
    bind(query, i);
    while ((result = sqlite3_step(query)) == SQLITE_ROW) sqlite3_column_int64(query, 1);
    check(result, "query");
    sqlite3_reset(query);
    times[i] = (now(CLOCK_MONOTONIC) - start) * 1e6;
  }
  qsort(times, (size_t)queries, sizeof *times, by_size);
  struct spent spent = {
      times[(queries * 50 + 99) / 100 - 1],
      times[(queries * 99 + 99) / 100 - 1],
  };
  free(times);
  return spent;
}

static int measure_queries(const char *folder, int64_t level, int queries) {
  if (queries < 1 || queries > 10000) return 64;
  open_database(folder, "PRAGMA synchronous = OFF", "");
  for (int64_t stored = 0; stored < level; stored += 10000) transaction(stored, 10000);
  execute("CREATE INDEX event_by_subject ON event (subject, occurred)");
  execute("ANALYZE");
  char sql[1000] = "SELECT (occurred + 3600000000) / 86400000000, count(*),"
                   " sum(json_extract(data, '$.seconds')) FROM event WHERE subject IN (?";
  for (int i = 1; i < 50; i++) strcat(sql, ", ?");
  strcat(sql, ") AND occurred >= 1704063600000000 AND occurred < 1706742000000000"
              " AND type = 'engine.run' GROUP BY 1");
  struct spent fleet = measure(prepare(sql), queries, bind_fleet);
  /* What rating asks for, of one meter of one engine: that of Benchmarks/Events/BenchContract.swift. */
  struct spent asset = measure(
      prepare("SELECT count(*), sum(json_extract(data, '$.seconds')) FROM event"
              " WHERE subject = 'engine-0999' AND occurred >= 1704063600000000"
              " AND occurred < 1706742000000000 AND type = 'engine.run'"),
      queries, bind_nothing);
  printf(
      "{\"level\":%lld,\"queries\":%d,\"p50Microseconds\":%.0f,\"p99Microseconds\":%.0f,"
      "\"assetP50Microseconds\":%.0f,\"assetP99Microseconds\":%.0f}\n",
      (long long)level, queries, fleet.p50, fleet.p99, asset.p50, asset.p99);
  return 0;
}

int main(int count, char **words) {
  if (count == 5 && strcmp(words[2], "query") == 0)
    return measure_queries(words[1], atoll(words[3]), atoi(words[4]));
  if (count < 6) {
    fprintf(stderr, "baseline FOLDER STORED WARM_UP_SECONDS SECONDS ROWS_PER_TRANSACTION...\n");
    return 64;
  }
  int64_t level = atoll(words[2]), stored = 0;
  double warm_up = atof(words[3]), seconds = atof(words[4]);
  open_database(words[1], "PRAGMA synchronous = FULL", ", UNIQUE (source, id)");
  if (number_of("PRAGMA synchronous") != 2) {
    fprintf(stderr, "baseline: the database is not durable here\n");
    return 1;
  }
  for (; stored < level; stored += 1000) transaction(stored, 1000);
  int64_t bytes_at_level = bytes();
  for (int word = 5; word < count; word++) {
    int64_t rows = atoll(words[word]), stored_at_start = stored, counted = 0;
    double start = now(CLOCK_MONOTONIC) + warm_up, time;
    do {
      transaction(stored, rows);
      stored += rows;
      time = now(CLOCK_MONOTONIC);
      if (time >= start && time < start + seconds) counted += rows;
    } while (time < start + seconds);
    printf(
        "{\"level\":%lld,\"storedAtStart\":%lld,\"eventsPerTransaction\":%lld,"
        "\"eventsPerSecond\":%.0f,\"bytesPerEvent\":%lld,\"sqlite\":\"%s\"}\n",
        (long long)level, (long long)stored_at_start, (long long)rows, (double)counted / seconds,
        (long long)(level > 0 ? bytes_at_level / level : bytes() / stored), sqlite3_libversion());
    fflush(stdout);
  }
  if (number_of("SELECT count(*) FROM event") != stored) {
    fprintf(stderr, "baseline: not every event was stored\n");
    return 1;
  }
  return 0;
}
