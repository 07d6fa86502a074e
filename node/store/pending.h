// Acts that a person may still undo (待写入): requests kept for a while before they are carried
// out and signed. What is signed is never taken back, so nothing of them is in the log yet. The
// node's own: pending.db in the data directory; a row is there until it was carried out, undone,
// or, when it was refused at its time, dismissed.
//
// Any thread. Times are wall clock milliseconds and come from the caller. Rules: "store.io",
// "store.full" (the file), "pending.full", "pending.unknown", "once.other".
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"

namespace yishi::store {

struct PendingAct {
  std::uint64_t id = 0;       // never given again
  std::string via, account;   // who asked for it (AuditRow)
  std::string key, if_match;  // its Idempotency-Key and If-Match; empty: none
  std::string path;           // "issues", "issues/ID/propose"
  std::string body;           // as it was sent
  std::string title;          // for lists: of what it is
  std::uint64_t made_ms = 0, due_ms = 0;
  std::string rule, zh, en;  // why it was refused when its time had come; empty: it waits
};

class Pending {
 public:
  static Result<std::unique_ptr<Pending>> open(const std::string& directory);
  ~Pending();

  // The same key of the same asker again gives the id that it has.
  Result<std::uint64_t> put_off(const PendingAct& act);
  std::vector<PendingAct> all() const;  // the next due first
  // Waits, is due, and was not refused.
  std::vector<PendingAct> due(std::uint64_t now_ms) const;
  std::uint64_t waiting() const;  // how many wait
  std::optional<PendingAct> find(std::uint64_t id) const;
  Status hurry(std::uint64_t id, std::uint64_t now_ms);  // due now
  // From here on it cannot be undone: it may be in the log already.
  Status begin(std::uint64_t id);
  Status finish(std::uint64_t id);  // it is in the log
  Status refuse(std::uint64_t id, const Error& why);
  Status undo(std::uint64_t id);  // not begun, or refused

 private:
  struct Impl;
  explicit Pending(std::unique_ptr<Impl> impl);
  Status change(std::uint64_t id, const std::string& sql, const std::vector<std::string>& texts,
                std::uint64_t number);
  mutable std::mutex mutex_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::store
