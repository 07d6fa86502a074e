// Lines between machines that lose, repeat, reorder and delay frames, and are cut: with a
// word (the child's end goes down) or without one.
//
// A line is a child's. It stands when the parent's machine lives and its turn admits the key,
// as with the real transport; it falls when either process ends. Frames already on their way
// may come later, even into another life of the receiver. One thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sync/message.h"
#include "sync/transport.h"
#include "tests/sim/random.h"
#include "tests/sim/timeline.h"

namespace yishi::sim {

class Machine;
class Network;

struct Weather {  // of one line, in both directions
  double loss = 0, repetition = 0;
  Millis delay_from = 1, delay_to = 5;
  bool cut = false;
};

// What becomes of one frame: how long each of its copies is on its way; none: it is lost.
std::vector<Millis> draw_arrivals(const Weather& weather, Random& random);

class Wire final : public sync::Transport {
 public:
  Wire(Network& network, Machine& owner) : network_(network), owner_(owner) {}

  bool send_to_parent(View frame) override;
  bool send_to_child(const sync::PeerKey& child, View frame) override;
  void poll(std::uint64_t, std::size_t) override {}
  std::vector<sync::Delivery> take_deliveries() override { return std::exchange(deliveries_, {}); }
  std::vector<sync::LineEvent> take_events() override { return std::exchange(events_, {}); }
  void wake() override {}
  Status connect(const std::optional<Upstream>& upstream) override;

  bool up() const { return parent_ != nullptr; }
  bool leads_to(const Machine& parent) const;  // to its process of now
  const std::optional<Upstream>& upstream() const { return upstream_; }
  void deliver(sync::Delivery delivery);
  void drop();                           // the line falls, and this end hears of it
  void fall_silent(Millis heard_after);  // … or only later

 private:
  void attempt(std::uint64_t generation);
  void event(sync::LineEvent what);

  Network& network_;
  Machine& owner_;
  std::optional<Upstream> upstream_;
  Machine* parent_ = nullptr;
  std::uint64_t parent_life_ = 0;  // of its process when the line came up
  std::uint64_t generation_ = 0;   // of the line: what was planned for an earlier one is void
  Millis wait_ = 0;                // before the next attempt
  std::vector<sync::Delivery> deliveries_;
  std::vector<sync::LineEvent> events_;
};

class Network {
 public:
  Network(Timeline& timeline, Witness& witness, Random random)
      : timeline_(timeline), witness_(witness), random_(random) {}

  void add(Machine& machine) { machines_.push_back(&machine); }
  const std::vector<Machine*>& machines() const { return machines_; }
  Machine* with_key(const sync::PeerKey& curve) const;  // the living one whose key this is
  // The child whose standing line to this parent has that key.
  Machine* child_of(const Machine& parent, const sync::PeerKey& key) const;

  // A frame leaves. Over the child's line, whichever way it goes.
  void carry(Machine& from, Machine& to, Machine& child, View frame);
  // A frame is thrown at a machine by someone who has it, over the line of `curve`.
  void throw_at(Machine& to, const sync::PeerKey& curve, bool from_parent, Bytes frame,
                Millis delay);
  void machine_died(const Machine& machine);

  Timeline& timeline() { return timeline_; }
  Random& random() { return random_; }
  std::uint64_t frames = 0;  // that left
  Millis last_news_ms = 0;   // when entries last left, or a line came up or fell
  std::uint64_t lines_lost = 0;

 private:
  void arrive(Machine& to, sync::Delivery delivery, Millis delay);

  Timeline& timeline_;
  Witness& witness_;
  Random random_;
  std::vector<Machine*> machines_;
};

}  // namespace yishi::sim
