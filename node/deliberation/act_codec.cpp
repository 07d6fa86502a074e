// The bytes of a body. One table names every key once: what is written, what is read
// and what "has" means cannot drift apart.
#include <functional>
#include <type_traits>

#include "crypto/assert.h"
#include "crypto/pack.h"
#include "node/deliberation/act.h"
#include "node/deliberation/codec.h"
#include "node/deliberation/follow_codec.h"
#include "node/deliberation/session_codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxCodes = 48;    // reasons of one escalation
constexpr std::size_t kMaxIdBytes = 64;  // ids of a policy, codes
constexpr std::uint64_t kMaxPercent = 100;
constexpr std::uint64_t kMaxScore = 100;

struct Key {
  std::string_view key;
  bool (*has)(const ActBody&);
  void (*write)(Packer&, const ActBody&);
  void (*read)(Fields&, const Value&, ActBody&);
};

// The pieces below make a Key of one member; the key's text and limit are template
// arguments through small literal structs, so that plain function pointers do.
template <std::size_t N>
struct Text {
  char chars[N]{};
  constexpr Text(const char (&text)[N]) {  // NOLINT: implicit, so that a literal can be given
    for (std::size_t i = 0; i < N; ++i) chars[i] = text[i];
  }
  constexpr std::string_view view() const { return {chars, N - 1}; }
};

template <Text Name, auto Member, std::size_t Max>
constexpr Key text_key() {
  return {Name.view(), [](const ActBody& body) { return !(body.*Member).empty(); },
          [](Packer& out, const ActBody& body) { out.text(body.*Member); },
          [](Fields& in, const Value&, ActBody& body) {
            body.*Member = std::string(in.text_or(Name.view(), "", Max));
          }};
}

template <Text Name, auto Member, std::uint64_t Max>
constexpr Key number_key() {
  return {Name.view(), [](const ActBody& body) { return body.*Member != 0; },
          [](Packer& out, const ActBody& body) { out.number(body.*Member); },
          [](Fields& in, const Value& map, ActBody& body) {
            if (is_present(map, Name.view())) body.*Member = in.number(Name.view(), Max);
          }};
}

template <Text Name, auto Member, std::uint64_t Max>
constexpr Key optional_key() {
  return {Name.view(), [](const ActBody& body) { return (body.*Member).has_value(); },
          [](Packer& out, const ActBody& body) {
            out.number(static_cast<std::uint64_t>((body.*Member).value_or(0)));
          },
          [](Fields& in, const Value& map, ActBody& body) {
            if (!is_present(map, Name.view())) return;
            using Number = typename std::remove_reference_t<decltype(body.*Member)>::value_type;
            body.*Member = static_cast<Number>(in.number(Name.view(), Max));
          }};
}

template <Text Name, auto Member>
constexpr Key code_key() {
  return {
      Name.view(), [](const ActBody& body) { return !(body.*Member).empty(); },
      [](Packer& out, const ActBody& body) { out.text((body.*Member).text()); },
      [](Fields& in, const Value&, ActBody& body) { body.*Member = read_code(in, Name.view()); }};
}

template <Text Name, auto Member>
constexpr Key flag_key() {
  return {Name.view(), [](const ActBody& body) { return body.*Member; },
          [](Packer& out, const ActBody& body) { out.flag(body.*Member); },
          [](Fields& in, const Value&, ActBody& body) {
            body.*Member = in.flag_or(Name.view(), false);
          }};
}

Key previous_key() {
  return {"prev", [](const ActBody& body) { return !body.prev.is_zero(); },
          [](Packer& out, const ActBody& body) { out.binary(body.prev.view()); },
          [](Fields& in, const Value& map, ActBody& body) {
            if (!is_present(map, "prev")) return;
            const View bytes = in.binary_exact("prev", crypto::kDigestBytes);
            if (!bytes.empty()) body.prev = crypto::Digest::from(bytes);
          }};
}

Key reach_key() {
  return {"reach", [](const ActBody& body) { return !body.reach.empty(); },
          [](Packer& out, const ActBody& body) { write_codes(out, body.reach); },
          [](Fields& in, const Value&, ActBody& body) {
            body.reach = read_codes(in, "reach", kMaxReach);
          }};
}

Key reasons_key() {
  return {"codes", [](const ActBody& body) { return !body.reasons.empty(); },
          [](Packer& out, const ActBody& body) { write_texts(out, body.reasons); },
          [](Fields& in, const Value&, ActBody& body) {
            body.reasons = read_texts(in, "codes", kMaxCodes, kMaxIdBytes);
          }};
}

void read_parties(Fields& in, ActBody& body) {
  const Value* parties = in.array_or_null("who", kMaxParties);
  for (std::size_t i = 0; parties != nullptr && i < parties->size(); ++i) {
    Sequence party(*parties->at(i), "who", 2);
    const std::string category(party.text("category", kMaxIdBytes));
    const std::uint64_t count = party.number("count", kMaxPeople);
    if (fail_with(in, "who", party.fault())) return;
    body.parties.push_back({category, count});
  }
}

Key parties_key() {
  return {"who", [](const ActBody& body) { return !body.parties.empty(); },
          [](Packer& out, const ActBody& body) {
            out.array(body.parties.size());
            for (const Party& party : body.parties) {
              out.array(2).text(party.category).number(party.count);
            }
          },
          [](Fields& in, const Value&, ActBody& body) { read_parties(in, body); }};
}

Key figures_key() {
  return {"figs", [](const ActBody& body) { return !body.figures.empty(); },
          [](Packer& out, const ActBody& body) { write_figures(out, body.figures); },
          [](Fields& in, const Value&, ActBody& body) { body.figures = read_figures(in, "figs"); }};
}

// A key whose value is a list with a writer and a reader of its own. `Of` gives the list in a body.
template <Text Name, auto Of, auto Write, auto Read>
constexpr Key list_key() {
  return {Name.view(), [](const ActBody& body) { return !Of(body).empty(); },
          [](Packer& out, const ActBody& body) { Write(out, Of(body)); },
          [](Fields& in, const Value&, ActBody& body) { Of(body) = Read(in); }};
}

Key flags_key() {
  return list_key < "flags", [](auto& body) -> auto& { return body.topic.flags; }
  , write_texts, [](Fields& in) { return read_texts(in, "flags", kMaxFlags, kMaxIdBytes); } > ();
}

Key plans_key() {
  return list_key < "plans", [](auto& body) -> auto& { return body.topic.plans; }
  , write_plan_links, [](Fields& in) { return read_plan_links(in, "plans"); } > ();
}

Key checks_key() {
  return list_key < "checks", [](auto& body) -> auto& { return body.topic.answers; }
  , write_answers, [](Fields& in) { return read_answers(in, "checks"); } > ();
}

Key group_key() {
  return list_key < "group", [](auto& body) -> auto& { return body.group; }
  , write_people, [](Fields& in) { return read_people(in, "group", kMaxStaff); } > ();
}

Key organs_key() {
  return list_key < "organs", [](auto& body) -> auto& { return body.organs; }
  , write_texts,
      [](Fields& in) { return read_texts(in, "organs", kMaxOrgans, kMaxShortBytes); } > ();
}

Key passed_key() {
  return list_key < "passed", [](auto& body) -> auto& { return body.passed; }
  , write_texts, [](Fields& in) { return read_texts(in, "passed", kMaxPassed, kMaxIdBytes); } > ();
}

Key via_key() {
  return {"via", [](const ActBody& body) { return !body.topic.via.empty(); },
          [](Packer& out, const ActBody& body) { out.text(body.topic.via); },
          [](Fields& in, const Value&, ActBody& body) {
            body.topic.via = std::string(in.text_or("via", "", kMaxIdBytes));
          }};
}

Key session_key() {
  return {
      "session", [](const ActBody& body) { return body.session != SessionRecord(); },
      [](Packer& out, const ActBody& body) { write_session(out, body.session); },
      [](Fields& in, const Value&, ActBody& body) { body.session = read_session(in, "session"); }};
}

Key follow_key() {
  return {
      "follow", [](const ActBody& body) { return body.follow != FollowUp(); },
      [](Packer& out, const ActBody& body) { write_follow_up(out, body.follow); },
      [](Fields& in, const Value&, ActBody& body) { body.follow = read_follow_up(in, "follow"); }};
}

const std::vector<Key>& keys() {
  using B = ActBody;
  constexpr auto kMaxFen = static_cast<std::uint64_t>(kMaxBudgetFen);
  static const std::vector<Key> kKeys{
      number_key<"n", &B::n, UINT64_MAX>(),
      previous_key(),
      code_key<"unit", &B::unit>(),
      text_key<"by", &B::by, kMaxShortBytes>(),
      text_key<"title", &B::title, kMaxTitleBytes>(),
      text_key<"text", &B::text, kMaxTextBytes>(),
      text_key<"cat", &B::category, kMaxIdBytes>(),
      optional_key<"fen", &B::budget_fen, kMaxFen>(),
      reach_key(),
      text_key<"src", &B::source, kMaxIdBytes>(),
      code_key<"home", &B::home>(),
      code_key<"to", &B::to>(),
      text_key<"why", &B::reason, kMaxTextBytes>(),
      reasons_key(),
      flag_key<"auto", &B::automatic>(),
      text_key<"place", &B::place, kMaxShortBytes>(),
      text_key<"form", &B::form, kMaxIdBytes>(),
      number_key<"held", &B::held_ms, kMaxTimeMs>(),
      parties_key(),
      text_key<"became", &B::became, kMaxIdBytes>(),
      number_key<"due", &B::due_ms, kMaxTimeMs>(),
      number_key<"task", &B::assignment, UINT64_MAX>(),
      optional_key<"pct", &B::percent, kMaxPercent>(),
      flag_key<"done", &B::done>(),
      text_key<"result", &B::result, kMaxIdBytes>(),
      figures_key(),
      optional_key<"score", &B::score, kMaxScore>(),
      text_key<"party", &B::party, kMaxIdBytes>(),
      text_key<"over", &B::overrides, kMaxTextBytes>(),
      flags_key(),
      plans_key(),
      via_key(),
      checks_key(),
      group_key(),
      text_key<"heard", &B::heard, kMaxTextBytes>(),
      text_key<"signed", &B::signed_by, kMaxShortBytes>(),
      organs_key(),
      text_key<"view", &B::view, kMaxIdBytes>(),
      number_key<"no", &B::number, UINT64_MAX>(),
      number_key<"item", &B::item, UINT64_MAX>(),
      session_key(),
      passed_key(),
      text_key<"imp", &B::import_key, kMaxImportKeyBytes>(),
      follow_key(),
      text_key<"rep", &B::reporter_digest, 2 * crypto::kDigestBytes>(),
  };
  return kKeys;
}

void check_reporter(Fields& in, const ActBody& body) {
  if (body.reporter_digest.empty()) return;
  if (body.reporter_digest.size() == 2 * crypto::kDigestBytes &&
      from_hex(body.reporter_digest).has_value()) {
    return;
  }
  in.fail("rep", "act.reporter", "反映人摘要应为 64 位十六进制数",
          "the reporter's digest must be 64 hexadecimal digits");
}

}  // namespace

bool has_field(const ActBody& body, std::string_view key) {
  for (const Key& one : keys()) {
    if (one.key == key) return one.has(body);
  }
  YISHI_ASSERT(!"a key of a body that no field has");
  return false;
}

Bytes encode_body(const ActBody& body) {
  YISHI_ASSERT(!body.budget_fen || *body.budget_fen >= 0);
  Packer values;
  std::size_t pairs = 0;
  for (const Key& one : keys()) {
    if (!one.has(body)) continue;
    values.text(one.key);
    one.write(values, body);
    ++pairs;
  }
  Packer map;
  map.map(pairs);
  Bytes bytes = map.take();
  bytes.insert(bytes.end(), values.bytes().begin(), values.bytes().end());
  return bytes;
}

Result<ActBody> decode_body(View bytes) {
  auto document = Document::parse(bytes, "act");
  if (!document) return document.error();
  const Value& root = document->root();
  Fields fields(root, "act");
  ActBody body;
  for (const Key& one : keys()) {
    if (fields.fault()) break;
    one.read(fields, root, body);
  }
  if (!fields.fault()) check_reporter(fields, body);
  if (fields.fault()) return *fields.fault();
  return body;
}

}  // namespace yishi::deliberation
