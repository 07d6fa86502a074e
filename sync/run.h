// A run: consecutive entries of one log, packed once by the first who sends them.
//
//   packed  = codec byte, then payload: 0 the run's bytes as they are,
//             1 one zstd frame (RFC 8878) that declares its content size
//   run     = msgpack [ entry … ]  1..256 of them
//   entry   = [ header: bin, signature: bin 64, records: [ bin or nil … ] ]
//
// Relays pass the packed bytes on unchanged. An entry that goes out of its run
// (downward, or asked for) is a run of one.
#pragma once

#include <span>
#include <vector>

#include "sync/entry.h"

namespace yishi::sync {

class Run {
 public:
  Run(Run&&) noexcept = default;  // moves, never copies: the entries are views into it
  Run& operator=(Run&&) noexcept = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() = default;

  // Decompresses and decodes within the limits; rules "run.*". Copies what it needs:
  // `packed` may go. Holds up to kMaxRunBytes however small `packed` is, so open one
  // run after another, not a message's all at once. Checks no digest: log_check.h does.
  static Result<Run> open(View packed);
  const std::vector<Entry>& entries() const { return entries_; }  // views into this Run

 private:
  Run() = default;
  Bytes raw_;
  std::vector<Entry> entries_;
};

// Asserts the limits. Without `compress`, or when compressing would not make it
// smaller, codec 0.
Bytes pack_run(std::span<const Entry> entries, bool compress);
// Bytes before compression: exact or a little more, never less.
std::size_t raw_run_size(std::span<const Entry> entries);

}  // namespace yishi::sync
