#include "node/store/identity_row.h"

#include <algorithm>
#include <sstream>

namespace yishi::store {
namespace {

std::optional<Identity> identity_from(View network, std::uint64_t suite_number,
                                      std::string_view unit_text, View incarnation,
                                      std::uint64_t created_ms) {
  Identity identity;
  const auto suite = crypto::suite_from_number(suite_number);
  const auto unit = topology::Code::parse(unit_text);
  if (!suite || !unit || network.size() != crypto::kDigestBytes ||
      incarnation.size() != identity.incarnation.size()) {
    return std::nullopt;
  }
  identity.network = crypto::Digest::from(network);
  identity.suite = *suite;
  identity.unit = *unit;
  std::copy(incarnation.begin(), incarnation.end(), identity.incarnation.begin());
  identity.created_ms = created_ms;
  return identity;
}

}  // namespace

bool write_identity(Connection& connection, const Identity& identity) {
  return Query(connection, "INSERT OR REPLACE INTO identity VALUES (1, ?, ?, ?, ?, ?)")
      .blob(identity.network)
      .number(static_cast<std::uint64_t>(identity.suite))
      .text(identity.unit.text())
      .blob(identity.incarnation)
      .number(identity.created_ms)
      .run();
}

bool write_identity_copy(Connection& connection, const Identity& identity) {
  std::ostringstream words;
  words << to_hex(identity.network.view()) << ' ' << static_cast<int>(identity.suite) << ' '
        << identity.unit.text() << ' ' << to_hex(identity.incarnation) << ' '
        << identity.created_ms;
  return Query(connection, "INSERT OR REPLACE INTO named_value VALUES (?, ?)")
      .text(kIdentityName)
      .text(words.str())
      .run();
}

std::optional<Identity> read_identity(Connection& connection) {
  Query query(connection,
              "SELECT network, suite, unit, incarnation, created_ms FROM identity WHERE only = 1");
  if (!query.step()) return std::nullopt;
  return identity_from(query.blob_at(0), query.number_at(1), query.text_at(2), query.blob_at(3),
                       query.number_at(4));
}

std::optional<Identity> read_identity_copy(Connection& connection) {
  Query query(connection, "SELECT value FROM named_value WHERE name = ?");
  if (!query.text(kIdentityName).step()) return std::nullopt;
  std::istringstream words{std::string(query.text_at(0))};
  std::string network, unit, incarnation;
  std::uint64_t suite = 0, created_ms = 0;
  if (!(words >> network >> suite >> unit >> incarnation >> created_ms)) return std::nullopt;
  const auto network_bytes = from_hex(network);
  const auto incarnation_bytes = from_hex(incarnation);
  if (!network_bytes || !incarnation_bytes) return std::nullopt;
  return identity_from(*network_bytes, suite, unit, *incarnation_bytes, created_ms);
}

}  // namespace yishi::store
