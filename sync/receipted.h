// How far a stream is held by its receiver, exactly: 上级已收 rests on this and on nothing
// else.
//
// A stream goes on when one of its logs is refused or cannot be completed, so a position
// alone would say too much. What was passed over is named with it, log by log: a lack says
// that of this log only entries up to a sequence are held. Every greeting and every ack
// carries all lacks there are (at most kMaxLacks: then the stream stands still), so losing
// any message of them loses nothing.
#pragma once

#include <vector>

#include "crypto/digest.h"

namespace yishi::sync {

struct Lack {
  crypto::Digest log;          // zeros: the row at position `sequence` could not be read
  std::uint64_t sequence = 0;  // held up to here
  bool operator==(const Lack&) const = default;
};

struct Receipted {
  std::uint64_t position = 0;  // of the sender's store
  std::vector<Lack> lacks;

  bool operator==(const Receipted&) const = default;

  // Whether the receiver holds the entry of a log that stands at a position of the stream.
  bool covers(std::uint64_t at, const crypto::Digest& log, std::uint64_t sequence) const;
};

}  // namespace yishi::sync
