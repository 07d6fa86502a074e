#include "node/store/answered.h"

#include <algorithm>

#include "node/store/database_impl.h"
#include "node/store/limits.h"

namespace yishi::store {

std::optional<AnsweredRow> Answered::find(const crypto::Digest& key) const {
  Query query(database_.impl().connection, "SELECT request, answer FROM answered WHERE key = ?");
  if (!query.blob(key).step()) return std::nullopt;
  return AnsweredRow{query.digest_at(0), copy(query.blob_at(1))};
}

// Rows are numbered in the order in which they came, and go from the oldest end, so how many
// there are follows from the first and the last.
Status Answered::make_room(std::uint64_t now_ms) {
  Connection& connection = database_.impl().connection;
  Query(connection,
        "DELETE FROM answered WHERE number IN "
        "(SELECT number FROM answered WHERE time_ms < ? ORDER BY number LIMIT ?)")
      .number(now_ms - std::min(now_ms, kAnsweredMs))
      .number(kAnsweredDropped)
      .run();
  Query ends(connection, "SELECT (SELECT min(number) FROM answered), max(number) FROM answered");
  if (!ends.step() || ends.number_at(1) == 0) return {};
  if (ends.number_at(1) - ends.number_at(0) + 1 < kMaxAnswered) return {};
  return Error{"once.full", "Idempotency-Key", "近日带 Idempotency-Key 的请求过多，请稍后再试",
               "too many requests with an Idempotency-Key these days; try again later"};
}

void Answered::keep(const crypto::Digest& key, const AnsweredRow& row, std::uint64_t now_ms) {
  Query(database_.impl().connection,
        "INSERT INTO answered (key, request, time_ms, answer) VALUES (?, ?, ?, ?)")
      .blob(key)
      .blob(row.request)
      .number(now_ms)
      .blob(row.answer)
      .run();
}

}  // namespace yishi::store
