// A node that was admitted and means harm: its key is real, its lines are real, and what it
// says is not. It is the honest node's own turn whose frames are changed, doubled and invented
// on their way out, and whose log is written past the rules.
//
// Everything it does is noted for the witness. It never speaks with another's key: that is
// what it does not have. One thread.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "sync/entry.h"
#include "tests/sim/machine.h"

namespace yishi::sim {

class Hostile {
 public:
  Hostile(Timeline& timeline, Witness& witness, Random random)
      : timeline_(timeline), witness_(witness), random_(random) {}

  // What leaves instead of the frame.
  std::vector<Bytes> rewrite(Machine& from, const Machine& to, View frame);
  // Writes records into its own log that it has no right to.
  void write_without_authority(Machine& machine);
  // Two acts of one number on an issue that it holds: each may be done, not both.
  void act_twice(Machine& machine);
  // Logs what is beyond its authority and settles it in the same breath, before its own rules
  // send it up.
  void settle_beyond(Machine& machine);
  // Its disk as it was earlier is put back, and it goes on from there; the other way round the
  // next time. Two histories of one key come of it when it has written meanwhile.
  void remember(Machine& machine);
  void go_back(Machine& machine);
  bool remembers() const { return remembered_.has_value(); }
  bool has_gone_back() const { return gone_back_; }

  void reform() { reformed_ = true; }  // it does no more; what it signed it stands by

 private:
  std::vector<Bytes> invent(Machine& from, const Machine& to, const sync::Envelope& envelope,
                            View frame);
  std::optional<sync::Message> lie(Machine& from, const sync::Message& message);
  std::optional<sync::Supply> forge_foreign(Machine& from);
  std::optional<sync::Supply> forge_own(Machine& from);
  std::optional<sync::Supply> break_chain(Machine& from);
  std::optional<sync::Join> forge_change(Machine& from);
  sync::SealedEntry twin(Machine& from, const sync::EntryHeader& header);
  void misdeed(const Machine& machine, std::string what,
               std::optional<crypto::Digest> record = std::nullopt);

  Timeline& timeline_;
  Witness& witness_;
  Random random_;
  bool reformed_ = false;
  std::uint64_t shift_ = 0;  // of the counters of the present session
  sync::Nonce session_{};
  std::deque<Bytes> heard_of_;  // frames of its own from earlier
  std::vector<Bytes> twins_;    // packed runs of its own second histories
  std::optional<Disk::Image> remembered_;
  bool gone_back_ = false;
};

}  // namespace yishi::sim
