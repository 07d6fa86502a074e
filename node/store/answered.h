// Commands that came with a key of their asker's, and what they led to: the same command under
// the same key again is answered with that and does nothing.
//
// The row is written in the transaction of the records it speaks of, so that both are there
// after a crash, or neither. Kept for kAnsweredMs at least; not replicated, and not derived
// from anything. A salvage loses it when its pages are damaged.
#pragma once

#include <optional>

#include "node/store/database.h"

namespace yishi::store {

struct AnsweredRow {
  crypto::Digest request;  // of the command as it was sent
  Bytes answer;            // the caller's to decode
};

class Answered {
 public:
  explicit Answered(Database& database) : database_(database) {}

  std::optional<AnsweredRow> find(const crypto::Digest& key) const;
  // Writer, inside a transaction. Drops what is too old. Rule "once.full": kMaxAnswered of the
  // last kAnsweredMs are kept already.
  Status make_room(std::uint64_t now_ms);
  void keep(const crypto::Digest& key, const AnsweredRow& row, std::uint64_t now_ms);

 private:
  Database& database_;
};

}  // namespace yishi::store
