#include "tests/sim/network.h"

#include <algorithm>

#include "tests/sim/hostile.h"
#include "tests/sim/machine.h"

namespace yishi::sim {

namespace {

constexpr Millis kFirstWaitMs = 200;
constexpr Millis kLastWaitMs = 30'000;
constexpr Millis kHeartbeatMs = 60'000;  // after which an end that heard nothing knows

}  // namespace

std::vector<Millis> draw_arrivals(const Weather& weather, Random& random) {
  std::vector<Millis> arrivals;
  if (weather.cut) return arrivals;
  do {
    if (random.chance(weather.loss)) continue;
    arrivals.push_back(random.spread(weather.delay_from, weather.delay_to));
  } while (random.chance(weather.repetition));
  return arrivals;
}

// The child's end.

Status Wire::connect(const std::optional<Upstream>& upstream) {
  if (upstream == upstream_) return {};
  drop();
  upstream_ = upstream;
  ++generation_;
  wait_ = kFirstWaitMs;
  if (upstream_) {
    network_.timeline().in(1, [this, alive = owner_.token(), g = generation_] {
      if (!alive.expired()) attempt(g);
    });
  }
  return {};
}

void Wire::attempt(std::uint64_t generation) {
  if (generation != generation_ || parent_ || !upstream_) return;
  Machine* parent = owner_.weather.cut ? nullptr : network_.with_key(upstream_->server);
  if (parent && parent->turn()->admits(upstream_->public_key)) {
    // Another machine with the same key is put out.
    for (Machine* machine : network_.machines()) {
      if (machine == &owner_ || !machine->wire() || !machine->wire()->leads_to(*parent)) continue;
      if (machine->wire()->upstream_->public_key == upstream_->public_key) machine->wire()->drop();
    }
    parent_ = parent;
    parent_life_ = parent->life();
    wait_ = kFirstWaitMs;
    network_.last_news_ms = network_.timeline().now();
    return event(sync::LineEvent::kUp);
  }
  event(parent ? sync::LineEvent::kRefused : sync::LineEvent::kUnreachable);
  network_.timeline().in(wait_ / 2 + network_.random().below(wait_ / 2),
                         [this, alive = owner_.token(), generation] {
                           if (!alive.expired()) attempt(generation);
                         });
  wait_ = std::min(2 * wait_, kLastWaitMs);
}

bool Wire::leads_to(const Machine& parent) const {
  return parent_ == &parent && parent_life_ == parent.life();
}

void Wire::event(sync::LineEvent what) {
  events_.push_back(what);
  owner_.wake_in(0);
}

void Wire::drop() {
  if (!parent_) return;
  parent_ = nullptr;
  ++network_.lines_lost;
  network_.last_news_ms = network_.timeline().now();
  event(sync::LineEvent::kDown);
  ++generation_;
  network_.timeline().in(kFirstWaitMs, [this, alive = owner_.token(), g = generation_] {
    if (!alive.expired()) attempt(g);
  });
}

void Wire::fall_silent(Millis heard_after) {
  network_.timeline().in(heard_after, [this, alive = owner_.token(), g = generation_] {
    if (!alive.expired() && g == generation_) drop();
  });
}

void Wire::deliver(sync::Delivery delivery) {
  deliveries_.push_back(std::move(delivery));
  owner_.wake_in(network_.random().below(3));
}

bool Wire::send_to_parent(View frame) {
  if (!parent_) return false;
  if (!owner_.disk().step()) return true;  // the process died here: nothing leaves
  if (parent_->life() != parent_life_) {   // its process is another: the line is broken
    fall_silent(1);
    return true;
  }
  network_.carry(owner_, *parent_, owner_, frame);
  return true;
}

bool Wire::send_to_child(const sync::PeerKey& child, View frame) {
  Machine* machine = network_.child_of(owner_, child);
  if (!machine) return false;
  if (!owner_.disk().step()) return true;
  network_.carry(owner_, *machine, *machine, frame);
  return true;
}

// What lies between.

Machine* Network::with_key(const sync::PeerKey& curve) const {
  for (Machine* machine : machines_) {
    if (machine->turn() && machine->curve().public_key == curve) return machine;
  }
  return nullptr;
}

Machine* Network::child_of(const Machine& parent, const sync::PeerKey& key) const {
  for (Machine* machine : machines_) {
    const auto* wire = machine->wire();
    if (wire && wire->leads_to(parent) && wire->upstream()->public_key == key) return machine;
  }
  return nullptr;
}

void Network::carry(Machine& from, Machine& to, Machine& child, View frame) {
  std::vector<Bytes> leaving;
  if (from.hostile) {
    leaving = from.hostile->rewrite(from, to, frame);
  } else {
    leaving.push_back(copy(frame));
  }
  const bool from_parent = &to == &child;
  const auto& weather = child.weather;
  for (auto& one : leaving) {
    ++frames;
    if (const auto opened = sync::open_frame(one)) {
      const auto& message = opened->envelope.message;
      if (const auto* ack = std::get_if<sync::Ack>(&message)) {
        witness_.note(timeline_.now(), from.index(), AckSent{to.unit(), *ack});
      }
      const auto* entries = std::get_if<sync::Entries>(&message);
      if (entries && !entries->rows.empty()) last_news_ms = timeline_.now();
    }
    const sync::PeerKey line =
        from_parent ? from.curve().public_key : child.wire()->upstream()->public_key;
    const auto slow = from.disk().spent_ms();
    for (const auto delay : draw_arrivals(weather, random_)) {
      arrive(to, {line, from_parent, one}, slow + delay);
    }
  }
}

void Network::throw_at(Machine& to, const sync::PeerKey& curve, bool from_parent, Bytes frame,
                       Millis delay) {
  arrive(to, {curve, from_parent, std::move(frame)}, delay);
}

void Network::arrive(Machine& to, sync::Delivery delivery, Millis delay) {
  timeline_.in(delay, [this, &to, delivery = std::move(delivery)]() mutable {
    Wire* wire = to.wire();
    if (!wire) return;
    // A child hears only the parent it is connected to.
    const bool heard =
        !delivery.from_parent || (wire->up() && wire->upstream()->server == delivery.from);
    if (!heard) return;
    if (const auto opened = sync::open_frame(delivery.frame)) {
      if (const auto* ack = std::get_if<sync::Ack>(&opened->envelope.message)) {
        witness_.note(timeline_.now(), to.index(), AckHeard{opened->envelope.sender, *ack});
      }
    }
    wire->deliver(std::move(delivery));
  });
}

void Network::machine_died(const Machine& dead) {
  for (Machine* machine : machines_) {
    Wire* wire = machine->wire();
    if (!wire || !wire->leads_to(dead)) continue;
    wire->fall_silent(random_.chance(0.7) ? random_.below(2'000) : kHeartbeatMs);
  }
}

}  // namespace yishi::sim
