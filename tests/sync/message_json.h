// Messages from the JSON of the test vectors: what another language would read.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sync/message.h"

namespace yishi::sync {

using Json = nlohmann::ordered_json;

inline Bytes hex_in(const Json& value) {
  auto bytes = from_hex(value.get<std::string>());
  YISHI_ASSERT(bytes.has_value());
  return *bytes;
}
inline crypto::Digest digest_in(const Json& value) { return crypto::Digest::from(hex_in(value)); }
inline Nonce nonce_in(const Json& value) {
  const Bytes bytes = hex_in(value);
  Nonce nonce{};
  YISHI_ASSERT(bytes.size() == nonce.size());
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}
inline std::uint64_t number_in(const Json& value) { return value.get<std::uint64_t>(); }
inline std::string text_in(const Json& value) { return value.get<std::string>(); }

inline std::vector<Lack> lacks_in(const Json& from) {
  std::vector<Lack> lacks;
  for (const auto& lack : from) lacks.push_back({digest_in(lack.at(0)), number_in(lack.at(1))});
  return lacks;
}

inline Greeting greeting_in(const Json& from) {
  return {nonce_in(from.at("nonce")),
          nonce_in(from.at("incarnation")),
          {nonce_in(from.at("cursor_incarnation")), number_in(from.at("cursor_position"))},
          number_in(from.at("topology")),
          number_in(from.at("clock_ms")),
          text_in(from.at("software")),
          nonce_in(from.at("echo")),
          lacks_in(from.at("lacks"))};
}

inline std::vector<Row> rows_in(const Json& from) {
  std::vector<Row> rows;
  for (const auto& row : from) rows.push_back({number_in(row.at(0)), hex_in(row.at(1))});
  return rows;
}

inline Message message_in(std::string_view name, const Json& from) {
  if (name == "hello") return Hello{greeting_in(from)};
  if (name == "welcome") return Welcome{greeting_in(from)};
  if (name == "entries") {
    return Entries{nonce_in(from.at("incarnation")), number_in(from.at("after")),
                   number_in(from.at("upto")), rows_in(from.at("rows"))};
  }
  if (name == "ack") {
    Ack ack{{nonce_in(from.at("incarnation")), number_in(from.at("position"))},
            number_in(from.at("resend")) == 1,
            {},
            lacks_in(from.at("lacks"))};
    for (const auto& head : from.at("heads")) {
      ack.heads.push_back({digest_in(head.at(0)), number_in(head.at(1)), digest_in(head.at(2))});
    }
    return ack;
  }
  if (name == "want") {
    return Want{digest_in(from.at("log")), number_in(from.at("from")), text_in(from.at("issue"))};
  }
  if (name == "supply") return Supply{rows_in(from.at("rows"))};
  if (name == "refuse") {
    return Refuse{text_in(from.at("rule")), text_in(from.at("detail")), digest_in(from.at("log")),
                  number_in(from.at("sequence"))};
  }
  if (name == "join") return Join{hex_in(from.at("change"))};
  YISHI_ASSERT(name == "status");
  StatusReport status{number_in(from.at("clock_ms")), {}};
  for (const auto& row : from.at("rows")) {
    status.rows.push_back({text_in(row.at(0)), number_in(row.at(1)), number_in(row.at(2)),
                           number_in(row.at(3)), text_in(row.at(4))});
  }
  return status;
}

}  // namespace yishi::sync
