// The topology: an input is a short history of changes. Each is signed for it, so that what is
// fuzzed is what operators may write. Held: check() and apply() say the same; a change that is
// refused changes nothing, one that is taken changes nothing of the past; the same changes
// fold to the same directory again; and every answer is what walking up the tree one parent
// at a time gives.
//
//   change = signer: byte, flags: byte (1: the same version, 2: a nonce used before),
//            operations' length: two bytes, operations: msgpack
#include "topology/directory.h"

#include <algorithm>

#include "crypto/pack.h"
#include "tests/fuzz/cutter.h"
#include "tests/fuzz/directory_image.h"
#include "tests/fuzz/generic.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

using topology::Change;
using topology::Directory;
using topology::Operation;
using topology::Version;

constexpr crypto::Suite kSuite = crypto::Suite::kEd25519Sha256;
constexpr std::size_t kMaxChanges = 12;
constexpr std::uint64_t kTimeMs = 1'700'000'000'000;
constexpr std::uint64_t kExpiresMs = kTimeMs + 1000;

crypto::PrivateKey key_of(std::uint8_t seed) {
  auto key = crypto::PrivateKey::from_secret(kSuite, Bytes(crypto::kSecretBytes, seed));
  return std::move(key).value();
}

Bytes curve_of(std::uint8_t seed) { return Bytes(topology::kCurveKeyBytes, seed); }

topology::Code code(std::string_view text) { return topology::Code::parse(text).value(); }

Operation added(const topology::Code& unit, std::string_view level, const topology::Code& parent) {
  return topology::UnitAdded{{unit, "某地", std::string(level), parent, "division"}};
}

// A city with two districts, a township and its village; who may sign.
struct Base {
  Base() {
    const auto city = code("320800000000");
    const auto district = code("320803000000");
    const auto township = code("320803001000");
    directory = std::make_unique<Directory>();
    apply({topology::NetworkCreated{
               "议事", kSuite, {signers[0].public_key().raw()}, key_of(9).public_key().raw()},
           added(city, "city", {}), added(district, "district", city),
           added(code("320804000000"), "district", city), added(township, "township", district),
           added(code("320803001001"), "village", township),
           topology::OperatorAdmitted{signers[1].public_key().raw(), district, 0, "管理员"},
           topology::OperatorAdmitted{signers[2].public_key().raw(), city, kExpiresMs, "到期"},
           topology::TicketIssued{township, signers[3].public_key().raw(), curve_of(3), kExpiresMs},
           topology::NodeAdmitted{city, key_of(8).public_key().raw(), curve_of(8),
                                  "tcp://127.0.0.1:7000"}});
  }

  // Root, an operator, one who expires, a ticket, a stranger.
  std::vector<crypto::PrivateKey> signers{key_of(1), key_of(2), key_of(3), key_of(4), key_of(5)};
  std::unique_ptr<Directory> directory;

 private:
  void apply(const std::vector<Operation>& operations) {
    class Zeros final : public crypto::Random {
      void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
    } zeros;
    const Change first = topology::sign_change(signers[0], {}, kTimeMs, operations, zeros);
    YISHI_ASSERT(directory->apply(first, 1).ok());
  }
};

const Base& base() {
  static const Base kBase;
  return kBase;
}

struct Attempt {
  Bytes body;
  const crypto::PrivateKey* signer = nullptr;
  bool same_version = false;
};

Attempt cut_attempt(Cutter& in, std::size_t number) {
  Attempt attempt;
  attempt.signer = &base().signers[in.below(base().signers.size())];
  const std::uint8_t flags = in.byte();
  attempt.same_version = (flags & 1) != 0;
  const auto nonce = static_cast<std::uint8_t>((flags & 2) != 0 ? number : number + 1);
  Packer payload;
  payload.array(topology::kPayloadFields).number(topology::kChangeFormat);
  payload.binary(base().directory->network().view());
  payload.number(kTimeMs + number * 300);
  payload.binary(Bytes(topology::kNonceBytes, nonce));
  Bytes bytes = payload.take();
  const View operations = in.piece(in.word());
  bytes.insert(bytes.end(), operations.begin(), operations.end());
  Packer body;
  body.array(2).binary(bytes).array(1).array(2);
  body.binary(attempt.signer->public_key().id().view());
  body.binary(attempt.signer->sign("yishi/change/2", bytes).view());
  attempt.body = body.take();
  return attempt;
}

void hold_change(const Change& change, View body) {
  YISHI_ASSERT(same_value(change.encode(), body));
  for (const auto& operation : change.operations) {
    YISHI_ASSERT(!topology::operation_name(operation).empty());
    YISHI_ASSERT(is_utf8(topology::describe(operation, true)));
    YISHI_ASSERT(is_utf8(topology::describe(operation, false)));
  }
}

std::string rule_of(const Status& status) { return status.ok() ? "" : status.error().rule; }

// Whether it took effect.
bool attempt_change(Directory& directory, const Change& change, Version version) {
  const std::string before = image_of(directory, directory.latest());
  const Status checked = directory.check(change, version);
  YISHI_ASSERT(image_of(directory, directory.latest()) == before);
  const Version earlier = version - 1;  // what was true then stays true
  const std::string past = past_of(directory, earlier);
  const Status applied = directory.apply(change, version);
  YISHI_ASSERT(rule_of(checked) == rule_of(applied));
  YISHI_ASSERT(past_of(directory, earlier) == past);
  if (!applied.ok()) YISHI_ASSERT(image_of(directory, directory.latest()) == before);
  return applied.ok();
}

}  // namespace

void fuzz_directory(View input) {
  if (const auto change = topology::decode_change(input)) hold_change(*change, input);
  Cutter in(input);
  Directory directory = *base().directory;
  std::vector<std::pair<Version, Change>> taken;
  for (std::size_t number = 0; number < kMaxChanges && !in.empty(); ++number) {
    const Attempt attempt = cut_attempt(in, number);
    const auto change = topology::decode_change(attempt.body);
    if (!change) continue;
    hold_change(*change, attempt.body);
    YISHI_ASSERT(topology::signed_by(*change, attempt.signer->public_key()));
    const Version version = directory.latest() + (attempt.same_version ? 0 : 1);
    if (!attempt_change(directory, *change, version)) continue;
    taken.emplace_back(version, *change);
    hold_tree(directory);
  }
  Directory again = *base().directory;
  for (const auto& [version, change] : taken) {
    YISHI_ASSERT(again.apply(change, version, true).ok());
  }
  YISHI_ASSERT(image_of(again, again.latest()) == image_of(directory, directory.latest()));
}

}  // namespace yishi::fuzz
