// G3 by brute force: every single bit of what is signed, flipped, and a great many other
// damages, of messages, entries and runs. What is accepted then must be what was signed.
//
// YISHI_MUTATIONS=1000000 makes the million that tests/README.md tells of.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "sync/log_check.h"
#include "tests/fuzz/heap.h"
#include "tests/fuzz/mutator.h"
#include "tests/sync/message_json.h"

namespace yishi::fuzz {
namespace {

using sync::Json;

constexpr std::size_t kMessageTypes = std::variant_size_v<sync::Message>;
constexpr std::size_t kShortRunBytes = 24;     // of a row: the frame is looked at, not the run
constexpr std::size_t kMutations = 20'000;     // without YISHI_MUTATIONS
constexpr std::size_t kFlatBytes = 64 * 1024;  // OpenSSL's queue of errors, say

std::size_t mutations() {
  const char* asked = std::getenv("YISHI_MUTATIONS");
  return asked == nullptr ? kMutations : std::strtoull(asked, nullptr, 10);
}

// What the vectors of a suite say, and frames of all nine types made from it.
struct Vectors {
  explicit Vectors(std::string_view suite) : key(key_in(suite)) {
    network = sync::digest_in(json.at("network"));
    for (const auto& each : json.at("messages")) frames.push_back(frame_of(each));
  }

  crypto::PrivateKey key_in(std::string_view suite) {
    std::ifstream in(std::string(YISHI_SOURCE_DIR) + "/tests/sync/vectors/" + std::string(suite) +
                     ".json");
    json = Json::parse(in);
    auto read = crypto::PrivateKey::from_secret(*crypto::suite_from_name(suite),
                                                sync::hex_in(json.at("secret")));
    return std::move(read).value();
  }

  Bytes frame_of(const Json& from) const {
    sync::Envelope envelope{network, key.public_key().id(), "320803001000", {}, 7, {}};
    envelope.message = sync::message_in(sync::text_in(from.at("type")), from.at("body"));
    std::visit(
        [](auto& message) {
          if constexpr (requires { message.rows.front().run; }) {
            message.rows.resize(1);
            message.rows.front().run.resize(kShortRunBytes);
          }
        },
        envelope.message);
    return sync::seal(key, envelope);
  }

  Json json;
  crypto::PrivateKey key;
  crypto::Digest network;
  std::vector<Bytes> frames;  // one of each type
};

bool accepted(View frame, const crypto::PublicKey& key) {
  const auto opened = sync::open_frame(frame);
  return opened.ok() && opened->signed_by(key);
}

// Calls `then` with the bytes after each flip of one bit, and which it was.
template <class Then>
void flip_each_bit(Bytes bytes, Then then) {
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    bytes[bit / 8] ^= mask;
    then(bytes, bit);
    bytes[bit / 8] ^= mask;
  }
}

class Forgery : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(BothSuites, Forgery, testing::Values("ed25519", "sm2"),
                         [](const auto& suite) { return std::string(suite.param); });

TEST_P(Forgery, NoMessageWithOneBitFlippedIsAccepted) {
  const Vectors vectors(GetParam());
  const crypto::PublicKey& key = vectors.key.public_key();
  ASSERT_EQ(vectors.frames.size(), kMessageTypes);
  std::size_t flips = 0;
  for (const Bytes& frame : vectors.frames) {
    ASSERT_TRUE(accepted(frame, key));
    flip_each_bit(frame, [&](View flipped, std::size_t bit) {
      ++flips;
      EXPECT_FALSE(accepted(flipped, key)) << "bit " << bit << " of " << to_hex(frame);
    });
  }
  EXPECT_GT(flips, 15'000U);
}

// An entry of the vectors, with what belongs to it.
struct VectorEntry {
  Bytes header, signature;
  std::vector<Bytes> records;

  VectorEntry(const Json& json, const Json& from)
      : header(sync::hex_in(from.at("header"))), signature(sync::hex_in(from.at("signature"))) {
    for (const auto& index : from.at("records")) {
      records.push_back(sync::hex_in(json.at("records").at(sync::number_in(index)).at("bytes")));
    }
  }
  sync::Entry view() const {
    sync::Entry entry{header, signature, {}};
    for (const Bytes& record : records) entry.records.emplace_back(record);
    return entry;
  }
};

TEST_P(Forgery, NoEntryWithOneBitFlippedIsAccepted) {
  const Vectors vectors(GetParam());
  const crypto::PublicKey& key = vectors.key.public_key();
  for (const auto& from : vectors.json.at("entries")) {
    const VectorEntry entry(vectors.json, from);
    const auto passes = [&](const sync::Entry& view) {
      return sync::check_entry(key.suite(), vectors.network, view).ok() &&
             sync::signature_valid(key, view);
    };
    sync::Entry view = entry.view();
    ASSERT_TRUE(passes(view));
    const auto spoil = [&](View& part, const Bytes& whole) {
      flip_each_bit(whole, [&](View flipped, std::size_t bit) {
        part = flipped;
        EXPECT_FALSE(passes(view)) << "bit " << bit << " of " << to_hex(whole);
      });
      part = whole;
    };
    spoil(view.header, entry.header);
    spoil(view.signature, entry.signature);
    for (std::size_t i = 0; i < entry.records.size(); ++i) {
      spoil(*view.records[i], entry.records[i]);
    }
  }
}

// The same headers and signatures; records may be absent, but not other ones.
bool says_the_same(const sync::Run& run, const sync::Run& original) {
  if (run.entries().size() != original.entries().size()) return false;
  for (std::size_t i = 0; i < run.entries().size(); ++i) {
    const auto& a = run.entries()[i];
    const auto& b = original.entries()[i];
    if (!equal(a.header, b.header) || !equal(a.signature, b.signature)) return false;
    for (std::size_t k = 0; k < a.records.size(); ++k) {
      if (a.records[k] && b.records[k] && !equal(*a.records[k], *b.records[k])) return false;
    }
  }
  return true;
}

bool follows(const Vectors& vectors, const sync::Run& run) {
  const auto nothing = [](std::uint64_t) { return std::nullopt; };
  return sync::check_run(vectors.key.public_key(), vectors.network, {}, run, nothing).standing ==
         sync::Standing::kFollows;
}

// The packing is not signed: a run whose packing has changed may pass if it says the same. In
// one suite: what a run adds to its entries is the same in both.
TEST(RunForgery, ARunWithOneBitFlippedIsRefusedOrSaysTheSame) {
  const Vectors vectors("ed25519");
  std::size_t refused = 0;
  std::size_t passed = 0;
  for (const auto& from : vectors.json.at("runs")) {
    const Bytes packed = sync::hex_in(from.at("packed"));
    const auto original = sync::Run::open(packed);
    ASSERT_TRUE(original.ok() && follows(vectors, *original));
    flip_each_bit(packed, [&](View flipped, std::size_t bit) {
      const auto run = sync::Run::open(flipped);
      if (!run || !follows(vectors, *run)) {
        ++refused;
        return;
      }
      ++passed;
      EXPECT_TRUE(says_the_same(*run, *original)) << "bit " << bit << " of " << to_hex(packed);
    });
  }
  EXPECT_GT(refused, 20'000U);
  EXPECT_LT(passed, 100U);  // bits of zstd's frame that mean nothing
}

// Frames of all types, spoilt in many ways. One may pass whose packing alone has changed:
// then the signed bytes are an original's.
TEST(Mutation, NoSpoiltMessageIsAcceptedAndMemoryStaysFlat) {
  const Vectors vectors("ed25519");
  const crypto::PublicKey& key = vectors.key.public_key();
  std::vector<Bytes> signed_parts;
  for (const Bytes& frame : vectors.frames) {
    signed_parts.push_back(sync::open_frame(frame)->signed_bytes);
  }
  Mutator mutator(1);
  const std::size_t count = mutations();
  std::size_t decoded = 0;
  std::size_t early_bytes = 0;
  for (std::size_t made = 0; made < count;) {
    const Bytes frame =
        mutator.mutate(vectors.frames[mutator.below(kMessageTypes)], vectors.frames);
    if (std::find(vectors.frames.begin(), vectors.frames.end(), frame) != vectors.frames.end()) {
      continue;
    }
    if (made++ == count / 10) early_bytes = live_heap_bytes();
    const auto opened = sync::open_frame(frame);
    if (!opened) continue;
    ++decoded;
    if (!opened->signed_by(key)) continue;
    EXPECT_NE(std::find(signed_parts.begin(), signed_parts.end(), opened->signed_bytes),
              signed_parts.end())
        << to_hex(frame);
  }
  EXPECT_LE(live_heap_bytes(), early_bytes + kFlatBytes);
  EXPECT_GT(decoded, count / 10);  // or the mutations would only show the decoder
  std::cout << count << " mutated messages, " << decoded << " of them well formed\n";
}

}  // namespace
}  // namespace yishi::fuzz
