// Frames between neighbours. The interface the turn sees; zmq_transport.h is the
// real one, the simulator's is another.
//
// A peer is named by its CURVE public key: that is what the transport's handshake
// proved, and all it proves. Who that is, and whether it may speak, is the turn's to
// decide for every frame.
//
// One thread. A send that returns false did not take the frame (line down, queue
// full): not an error, the link sends again. A send that returns true is not a
// delivery.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace yishi::sync {

using PeerKey = std::array<std::uint8_t, 32>;  // a CURVE public key

struct Delivery {
  PeerKey from{};
  bool from_parent = false;
  Bytes frame;
};

enum class LineEvent { kUp, kDown, kRefused, kUnreachable };  // of the line to the parent

class Transport {
 public:
  virtual ~Transport() = default;
  virtual bool send_to_parent(View frame) = 0;
  virtual bool send_to_child(const PeerKey& child, View frame) = 0;

  // Waits until something is ready, wake() was called or timeout_ms passed; then takes
  // what is there, up to max_bytes of frames.
  virtual void poll(std::uint64_t timeout_ms, std::size_t max_bytes) = 0;
  virtual std::vector<Delivery> take_deliveries() = 0;
  virtual std::vector<LineEvent> take_events() = 0;
  virtual void wake() = 0;  // from any thread

  // Connects (again) to the parent, or to none. Same endpoint and keys: nothing happens.
  struct Upstream {
    std::string endpoint;  // tcp://host:port
    PeerKey server{};      // the parent's CURVE key
    PeerKey public_key{};  // ours on this line (the ticket's while joining)
    PeerKey secret_key{};
    bool operator==(const Upstream&) const = default;
  };
  virtual Status connect(const std::optional<Upstream>& upstream) = 0;

  // What last kept the line to the parent down, as a stable dotted name for the operator;
  // empty while it is up or never failed: "connect.failed" (nobody there), "connect.timeout",
  // "handshake.refused" (we are not admitted), "handshake.failed" (ended without a word: most
  // often the wrong server key), "handshake.protocol" (it is not a node), "line.lost".
  virtual std::string line_trouble() const { return {}; }
};

}  // namespace yishi::sync
