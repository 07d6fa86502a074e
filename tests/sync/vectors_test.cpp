// The vectors in vectors/*.json hold what a verifier in another language needs to
// check itself. This test derives every value again from the inputs beside it, so
// that a change of any format shows here first.
#include <gtest/gtest.h>

#include <fstream>

#include "sync/log_check.h"
#include "tests/sync/message_json.h"

namespace yishi::sync {
namespace {

Json hex_of(View bytes) { return to_hex(bytes); }

// Ed25519 gives one signature for one message; SM2 another one each time, so the
// recorded one stands if it is valid.
crypto::Signature signature_for(const crypto::PrivateKey& key, std::string_view domain, View bytes,
                                const Json& given) {
  const crypto::Signature fresh = key.sign(domain, bytes);
  if (key.suite() == crypto::Suite::kEd25519Sha256 || !given.contains("signature")) return fresh;
  const auto recorded = crypto::Signature::from(hex_in(given.at("signature")));
  return key.public_key().verify(domain, bytes, recorded) ? recorded : fresh;
}

// A file's inputs and everything that follows from them.
class Derivation {
 public:
  explicit Derivation(const Json& given) : out_(given), key_(read_key(given)) {
    network_ = digest_in(given.at("network"));
    out_["public_key"] = hex_of(key_.public_key().raw());
    out_["log"] = hex_of(key_.public_key().id().view());
    for (std::size_t i = 0; i < given.at("records").size(); ++i) derive_record(i);
    for (std::size_t i = 0; i < given.at("entries").size(); ++i) derive_entry(i);
    for (auto& run : out_["runs"]) derive_run(run);
    for (auto& message : out_["messages"]) derive_message(message);
    if (given.contains("session")) derive_session(out_["session"]);
  }

  const Json& all() const { return out_; }
  const crypto::PublicKey& key() const { return key_.public_key(); }
  const crypto::Digest& network() const { return network_; }

 private:
  static crypto::PrivateKey read_key(const Json& given) {
    const auto suite = crypto::suite_from_name(text_in(given.at("suite")));
    YISHI_ASSERT(suite.has_value());
    auto key = crypto::PrivateKey::from_secret(*suite, hex_in(given.at("secret")));
    YISHI_ASSERT(key.ok());
    return std::move(key).value();
  }

  void derive_record(std::size_t i) {
    Json& record = out_["records"][i];
    const Bytes salt = hex_in(record.at("salt"));
    Record from{
        text_in(record.at("kind")), text_in(record.at("subject")), hex_in(record.at("body")), {}};
    std::copy(salt.begin(), salt.end(), from.salt.begin());
    records_.push_back(encode_record(from));
    record["bytes"] = hex_of(records_.back());
    record["digest"] = hex_of(record_digest(key_.suite(), records_.back()).view());
  }

  void derive_entry(std::size_t i) {
    Json& entry = out_["entries"][i];
    EntryHeader header{network_, key_.public_key().id(), i + 1, previous_, 0, 0, {}};
    header.time_ms = number_in(entry.at("time_ms"));
    header.topology = number_in(entry.at("topology"));
    SealedEntry sealed;
    for (const auto& index : entry.at("records")) {
      const Bytes& record = records_.at(number_in(index));
      sealed.records.emplace_back(record);
      header.records.push_back(record_digest(key_.suite(), record));
    }
    sealed.header = encode_header(header);
    sealed.signature = signature_for(key_, "yishi/entry/1", sealed.header, entry);
    entry["sequence"] = header.sequence;
    entry["previous"] = hex_of(previous_.view());
    previous_ = entry_digest(key_.suite(), sealed.header, sealed.signature.view());
    entry["header"] = hex_of(sealed.header);
    entry["signature"] = hex_of(sealed.signature.view());
    entry["digest"] = hex_of(previous_.view());
    sealed_.push_back(std::move(sealed));
  }

  void derive_run(Json& run) const {
    std::vector<Entry> entries;
    for (const auto& index : run.at("entries")) {
      entries.push_back(sealed_.at(number_in(index)).view());
    }
    for (const auto& absent : run.at("absent")) {
      entries.at(number_in(absent.at(0))).records.at(number_in(absent.at(1))).reset();
    }
    const Bytes plain = pack_run(entries, false);
    run["raw"] = hex_of(View(plain).subspan(1));
    if (!run.at("compressed").get<bool>()) {
      run["packed"] = hex_of(plain);
      return;
    }
    // Another zstd may compress otherwise: the recorded bytes stand if they hold this run.
    if (run.contains("packed")) {
      const auto recorded = Run::open(hex_in(run.at("packed")));
      if (recorded.ok() && pack_run(recorded->entries(), false) == plain) return;
    }
    run["packed"] = hex_of(pack_run(entries, true));
  }

  void derive_message(Json& message) const {
    Envelope envelope{network_,
                      key_.public_key().id(),
                      text_in(message.at("receiver")),
                      nonce_in(message.at("session")),
                      number_in(message.at("counter")),
                      message_in(text_in(message.at("type")), message.at("body"))};
    const auto opened = open_frame(seal(key_, envelope));
    YISHI_ASSERT(opened.ok());
    const auto signature = signature_for(key_, "yishi/envelope/1", opened->signed_bytes, message);
    message["envelope"] = hex_of(opened->signed_bytes);
    message["signature"] = hex_of(signature.view());
    message["frame"] =
        hex_of(Packer().array(2).binary(opened->signed_bytes).binary(signature.view()).bytes());
  }

  // The same for both suites: a session is a name, not a promise.
  static void derive_session(Json& session) {
    const Nonce child = nonce_in(session.at("child_nonce"));
    const Nonce parent = nonce_in(session.at("parent_nonce"));
    const auto digest =
        crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/session/1", {child, parent});
    session["session"] = hex_of(digest.view().first(kNonceBytes));
  }

  Json out_;
  crypto::PrivateKey key_;
  crypto::Digest network_;
  crypto::Digest previous_;
  std::vector<Bytes> records_;
  std::vector<SealedEntry> sealed_;
};

class Vectors : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::ifstream file(std::string(YISHI_SOURCE_DIR) + "/tests/sync/vectors/" + GetParam() +
                       ".json");
    ASSERT_TRUE(file.is_open());
    given_ = Json::parse(file);
  }
  Json given_;
};
INSTANTIATE_TEST_SUITE_P(suite, Vectors, testing::Values("ed25519", "sm2"),
                         [](const auto& name) { return std::string(name.param); });

TEST_P(Vectors, follow_from_their_inputs_to_the_byte) {
  const Derivation derivation(given_);
  for (const auto& [name, value] : given_.items()) {
    EXPECT_EQ(derivation.all().at(name).dump(1), value.dump(1)) << name;
  }
}

TEST_P(Vectors, of_runs_verify_from_an_empty_log_and_of_messages_by_their_sender) {
  const Derivation derivation(given_);
  ASSERT_FALSE(given_.at("runs").empty());
  for (const auto& run : given_.at("runs")) {
    const auto opened = Run::open(hex_in(run.at("packed")));
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(check_run(derivation.key(), derivation.network(), {}, *opened, {}).standing,
              Standing::kFollows);
  }
  ASSERT_EQ(given_.at("messages").size(), std::variant_size_v<Message>);
  for (const auto& message : given_.at("messages")) {
    const auto opened = open_frame(hex_in(message.at("frame")));
    ASSERT_TRUE(opened.ok());
    EXPECT_TRUE(opened->signed_by(derivation.key()));
    EXPECT_EQ(message_name(opened->envelope.message), text_in(message.at("type")));
  }
}

TEST_P(Vectors, of_bad_runs_are_refused_under_the_rule_beside_them) {
  const Derivation derivation(given_);
  ASSERT_FALSE(given_.at("refused").empty());
  for (const auto& bad : given_.at("refused")) {
    const auto opened = Run::open(hex_in(bad.at("packed")));
    if (!opened.ok()) {
      EXPECT_EQ(opened.error().rule, text_in(bad.at("rule")));
      continue;
    }
    const Verdict verdict = check_run(derivation.key(), derivation.network(), {}, *opened, {});
    EXPECT_EQ(verdict.standing, Standing::kInvalid);
    ASSERT_TRUE(verdict.error.has_value());
    EXPECT_EQ(verdict.error->rule, text_in(bad.at("rule")));
  }
}

}  // namespace
}  // namespace yishi::sync
