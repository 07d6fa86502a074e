// One SQLite connection with the settings that the promises rest on.
//
// Exactly one Database per data directory is a writer (kWriter): it holds the lock file,
// writes and checkpoints. Readers are query_only with wal_autocheckpoint=0, because two
// connections that checkpoint can lose commits (SQLite 3.7.0 to 3.51.2). Settings are set
// and read back; a writer that cannot have them does not open. See README.md.
//
// A failed commit or sync means stop: poisoned() turns true, every later begin() fails, and
// the owner ends the process. So does a read of a writer that fails. A full disk is not
// that: the transaction is rolled back and the Error's rule is "store.full"; begin() says
// so too, until there is room again.
//
// Questions (const functions of Logs, Issues …) answer with what they could read. A fault
// inside a transaction makes every later step of it fail, and commit() reports it; what a
// reader could not read outside of one, take_fault() reports.
//
// A Database belongs to one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "node/store/disk.h"
#include "sync/message.h"
#include "topology/code.h"

namespace yishi::store {

enum class Access { kWriter, kReader };

struct Identity {  // what this store is; fixed when it is created
  crypto::Digest network;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  topology::Code unit;
  sync::Nonce incarnation{};  // of the store: names its stream
  std::uint64_t created_ms = 0;
};

class Database {
 public:
  // Creates `directory`/store.db, and the directory; refuses when there is one (rule
  // "store.exists"). Rules besides: "store.directory", "store.locked", "store.full".
  // The disk outlives the Database.
  static Status create(const std::string& directory, const Identity& identity,
                       Disk& disk = Disk::real());
  // Rules: "store.missing", "store.locked" (another process holds the directory),
  // "store.schema" (made by a newer program, named), "store.settings", "store.corrupt".
  // Migrates older schemas, as a writer only, inside one transaction.
  static Result<std::unique_ptr<Database>> open(const std::string& directory, Access access,
                                                Disk& disk = Disk::real());
  ~Database();  // rolls back what is open; a writer's write-ahead log is written back
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const Identity& identity() const;
  const std::string& directory() const;

  // A writer: rules "store.full", "store.poisoned", "store.io", "store.corrupt". A reader:
  // what follows until commit() or rollback() sees one state of the store.
  Status begin();
  // Returns after fsync. On an error nothing was kept and no transaction is open. True of
  // an error too: what the caches and the answers say is what is on the disk.
  Status commit();
  void rollback();
  // A writer, between transactions: copies the write-ahead log back once it has grown. Apart
  // from commit(), so that what waits for a commit does not wait for this; call it after
  // each, when that has left. What fails here shows in poisoned(): the commits stand.
  void tend();
  // A writer, once after opening: makes the write-ahead log long enough beforehand. A sync
  // that has to make its file longer, too, waits for the file system's own log. No room on
  // the disk is no error: then it grows as it is written.
  void make_log_room();
  bool in_transaction() const;
  bool poisoned() const;
  // The first fault since the last call, for readers: what was answered may be less than
  // what is there. Rules "store.busy", "store.io", "store.corrupt".
  std::optional<Error> take_fault();

  struct Impl;  // the connection and its prepared statements; for this folder only
  Impl& impl() { return *impl_; }

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::store
