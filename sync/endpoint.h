// Where a node listens or where its parent is found: tcp://host:port.
//
// host is a name, an IPv4 address, an IPv6 address in brackets or, for listening, `*`
// or the name of a network interface; port is 1 to 65535, or `*` (any) for listening.
// A name costs a look-up on the transport's only I/O thread at every attempt, during
// which nothing else moves: give numbers where the network has no near resolver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace yishi::sync {

inline constexpr std::size_t kMaxEndpointBytes = 255;

enum class EndpointUse { kListen, kConnect };

struct Endpoint {
  std::string host;        // IPv6 with its brackets
  std::uint16_t port = 0;  // 0: any
  bool ipv6 = false;
};

// Fails with rule "transport.endpoint". `field` is what the user called the text.
Result<Endpoint> parse_endpoint(std::string_view text, EndpointUse use, std::string_view field);

}  // namespace yishi::sync
