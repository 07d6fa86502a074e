// Matters that the public handed in at this node's page, held for the clerk: outside the signed
// log until the clerk takes one in, which logs an issue, or discards it and says why. The
// node's own: matters.db in the data directory.
//
// Whoever handed one in follows it by its number and a code, which is derived from the number
// and a secret of the file, so it is not kept. What was told of a person is erased when the
// matter is settled; of an issue it then stands in a private record, as with any other.
//
// Any thread. Times are wall clock milliseconds and come from the caller. Rules: "store.io",
// "store.full" (the file), "matter.full", "matter.unknown", "matter.settled", "once.other".
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"

namespace yishi::store {

struct Matter {
  std::uint64_t number = 0;
  std::string title, text, place;
  std::string name, telephone;  // empty once it is settled
  std::uint64_t received_ms = 0;
  std::string state = "held";  // or "taken", "discarded"
  std::string issue;           // taken: its id
  std::string reason;          // discarded: why, for the one who handed it in
  std::uint64_t settled_ms = 0;
};

class Matters {
 public:
  static Result<std::unique_ptr<Matters>> open(const std::string& directory);
  ~Matters();

  // The number. `key` names the request (an Idempotency-Key) and `request` all that was sent:
  // the same again gives the number that it has.
  Result<std::uint64_t> hand_in(const Matter& matter, const std::optional<crypto::Digest>& key,
                                const crypto::Digest& request);
  std::string code_of(std::uint64_t number) const;  // 8 letters and digits, in capitals
  // Names the matter in the log for good: numbers begin anew where the file is lost.
  std::string mark_of(std::uint64_t number) const;
  std::optional<Matter> find(std::uint64_t number) const;
  // Those of a state (empty: all), newest first, with numbers below `before`.
  std::vector<Matter> list(const std::string& state, std::uint64_t before, std::size_t limit) const;
  std::uint64_t held() const;  // how many wait
  // It was logged as this issue, whatever else became of it meanwhile.
  Status take(std::uint64_t number, const std::string& issue, std::uint64_t now_ms);
  Status discard(std::uint64_t number, const std::string& reason, std::uint64_t now_ms);

 private:
  struct Impl;
  explicit Matters(std::unique_ptr<Impl> impl);
  Status settle(std::uint64_t number, const Matter& as);
  mutable std::mutex mutex_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yishi::store
