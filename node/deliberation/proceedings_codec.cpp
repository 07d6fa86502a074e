#include "node/deliberation/proceedings_codec.h"

#include "node/deliberation/codec.h"
#include "node/deliberation/session_codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::size_t kMaxLabel = 64;
constexpr std::size_t kMaxRows = kMaxPackArray;
static_assert(kMaxTransitions <= kMaxRows);

// The parts of a list: each a map of its own, so that a part can gain a key.
template <class Item, class Read>
std::vector<Item> read_maps(Fields& in, std::string_view key, Read read) {
  std::vector<Item> items;
  const Value* array = in.array(key, kMaxRows);
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    Fields one(*array->at(i), key);
    Item item = read(one);
    if (fail_with(in, key, one.fault())) return {};
    items.push_back(std::move(item));
  }
  return items;
}

void write_parties(Packer& out, const std::vector<Party>& parties) {
  out.array(parties.size());
  for (const Party& one : parties) out.array(2).text(one.category).number(one.count);
}

std::vector<Party> read_counted(Fields& in, std::string_view key) {
  std::vector<Party> parties;
  const Value* array = in.array(key, kMaxParties);
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    Sequence row(*array->at(i), key, 2);
    Party party;
    party.category = row.text("category", kMaxLabel);
    party.count = row.number("count", kMaxPeople);
    if (fail_with(in, key, row.fault())) return {};
    parties.push_back(std::move(party));
  }
  return parties;
}

void write_reply(Packer& out, const Reply& reply) {
  out.map(6).text("unit").text(reply.unit.text()).text("by").text(reply.by);
  out.text("text").text(reply.text).text("view").text(reply.view);
  out.text("time").number(reply.time_ms).text("digest").binary(reply.digest.view());
}

Reply read_reply_of(Fields& in) {
  Reply reply;
  reply.unit = read_code(in, "unit");
  reply.by = in.text("by", kMaxShortBytes);
  reply.text = in.text("text", kMaxTextBytes);
  reply.view = in.text("view", kMaxLabel);
  reply.time_ms = in.number("time");
  const View digest = in.binary_exact("digest", crypto::kDigestBytes);
  if (!digest.empty()) reply.digest = crypto::Digest::from(digest);
  return reply;
}

Reply read_reply(Fields& in, std::string_view key) {
  const Value* map = in.map_or_null(key);
  if (map == nullptr) return {};
  Fields one(*map, key);
  Reply reply = read_reply_of(one);
  fail_with(in, key, one.fault());
  return reply;
}

void write_mark(Packer& out, const SessionMark& one) {
  out.map(16).text("n").number(one.n).text("unit").text(one.unit.text());
  out.text("recorded")
      .number(one.recorded_ms)
      .text("place")
      .text(one.place)
      .text("corrected")
      .array(one.corrections.size());
  for (const std::uint64_t n : one.corrections) out.number(n);
  out.text("held").number(one.held_ms).text("entitled").number(one.entitled);
  out.text("form").text(one.form).text("type").text(one.type).text("venue").text(one.venue);
  out.text("remote").flag(one.remote).text("who");
  write_parties(out, one.parties);
  out.text("votes");
  write_tallies(out, one.votes);
  out.text("results");
  write_texts(out, one.results);
  out.text("dissents").number(one.dissents).text("explained").array(one.explained.size());
  for (const auto& [item, reply] : one.explained) {
    out.map(2).text("item").number(item).text("reply");
    write_reply(out, reply);
  }
}

SessionMark read_mark(Fields& in) {
  SessionMark one;
  one.n = in.number("n");
  one.unit = read_code(in, "unit");
  one.recorded_ms = in.number("recorded");
  one.place = in.text("place", kMaxShortBytes);
  const Value* corrected = in.array("corrected", kMaxRows);
  if (corrected != nullptr) {
    Sequence numbers(*corrected, "corrected", corrected->size());
    for (std::size_t i = 0; i < corrected->size(); ++i) {
      one.corrections.push_back(numbers.number("n"));
    }
    fail_with(in, "corrected", numbers.fault());
  }
  one.held_ms = in.number("held");
  one.entitled = in.number("entitled");
  one.form = in.text("form", kMaxLabel);
  one.type = in.text("type", kMaxLabel);
  one.venue = in.text("venue", kMaxLabel);
  one.remote = in.flag_or("remote", false);
  one.parties = read_counted(in, "who");
  one.votes = read_tallies(in, "votes");
  one.results = read_texts(in, "results", kMaxProblems, kMaxLabel);
  one.dissents = in.number("dissents");
  using Explained = std::pair<std::uint64_t, Reply>;
  for (auto& each : read_maps<Explained>(in, "explained", [](Fields& part) {
         const std::uint64_t item = part.number("item");
         return Explained{item, read_reply(part, "reply")};
       })) {
    one.explained.insert(std::move(each));
  }
  return one;
}

void write_consultation(Packer& out, const Consultation& one) {
  out.map(8).text("no").number(one.number).text("n").number(one.n);
  out.text("unit").text(one.unit.text()).text("organ").text(one.organ).text("text").text(one.text);
  out.text("asked").number(one.asked_ms).text("due").number(one.due_ms).text("reply");
  write_reply(out, one.reply);
}

Consultation read_consultation(Fields& in) {
  Consultation one;
  one.number = in.number("no");
  one.n = in.number("n");
  one.unit = read_code(in, "unit");
  one.organ = in.text("organ", kMaxShortBytes);
  one.text = in.text("text", kMaxTextBytes);
  one.asked_ms = in.number("asked");
  one.due_ms = in.number("due");
  one.reply = read_reply(in, "reply");
  return one;
}

void write_submission(Packer& out, const Submission& one) {
  out.map(6).text("no").number(one.number).text("n").number(one.n);
  out.text("unit").text(one.unit.text()).text("organ").text(one.organ);
  out.text("time").number(one.time_ms).text("receipt");
  write_reply(out, one.receipt);
}

Submission read_submission(Fields& in) {
  Submission one;
  one.number = in.number("no");
  one.n = in.number("n");
  one.unit = read_code(in, "unit");
  one.organ = in.text("organ", kMaxShortBytes);
  one.time_ms = in.number("time");
  one.receipt = read_reply(in, "receipt");
  return one;
}

void write_passed(Packer& out, const Passed& one) {
  out.map(5).text("n").number(one.n).text("unit").text(one.unit.text()).text("by").text(one.by);
  out.text("why").text(one.why).text("guards");
  write_texts(out, one.guards);
}

Passed read_passed(Fields& in) {
  Passed one;
  one.n = in.number("n");
  one.unit = read_code(in, "unit");
  one.by = in.text("by", kMaxShortBytes);
  one.why = in.text("why", kMaxTextBytes);
  one.guards = read_texts(in, "guards", kMaxPassed, kMaxLabel);
  return one;
}

template <class Items, class Write>
void write_all(Packer& out, std::string_view key, const Items& items, Write write) {
  out.text(key).array(items.size());
  for (const auto& one : items) write(out, one);
}

}  // namespace

void write_proceedings(Packer& out, const Proceedings& table) {
  out.map(13).text("flags");
  write_texts(out, table.topic.flags);
  out.text("plans");
  write_plan_links(out, table.topic.plans);
  out.text("via").text(table.topic.via).text("checks");
  write_answers(out, table.topic.answers);
  out.text("screened").flag(table.screened).text("heard").flag(table.proposer_heard);
  out.text("researches").number(table.researches);
  out.text("convened").map(4).text("n").number(table.convened.n);
  out.text("held").number(table.convened.held_ms).text("sent").number(table.convened.sent_ms);
  out.text("materials").number(table.convened.materials);
  write_all(out, "sessions", table.sessions, write_mark);
  write_all(out, "asked", table.consultations, write_consultation);
  write_all(out, "submitted", table.submissions, write_submission);
  write_all(out, "passed", table.passed, write_passed);
  write_all(out, "signed", table.sign_offs, [](Packer& to, const SignOff& one) {
    to.map(2).text("n").number(one.n).text("organ").text(one.organ);
  });
}

Proceedings read_proceedings(Fields& outer, std::string_view key) {
  Proceedings table;
  const Value* map = outer.map_or_null(key);
  if (map == nullptr) return table;
  Fields in(*map, key);
  table.topic.flags = read_texts(in, "flags", kMaxFlags, kMaxLabel);
  table.topic.plans = read_plan_links(in, "plans");
  table.topic.via = in.text("via", kMaxLabel);
  table.topic.answers = read_answers(in, "checks");
  table.screened = in.flag_or("screened", false);
  table.proposer_heard = in.flag_or("heard", false);
  table.researches = in.number("researches");
  if (const Value* convened = in.map_or_null("convened")) {
    Fields one(*convened, "convened");
    table.convened = {one.number("n"), one.number("held"), one.number("sent"),
                      one.number("materials")};
    fail_with(in, "convened", one.fault());
  }
  table.sessions = read_maps<SessionMark>(in, "sessions", read_mark);
  table.consultations = read_maps<Consultation>(in, "asked", read_consultation);
  table.submissions = read_maps<Submission>(in, "submitted", read_submission);
  table.passed = read_maps<Passed>(in, "passed", read_passed);
  table.sign_offs = read_maps<SignOff>(in, "signed", [](Fields& part) {
    return SignOff{part.number("n"), std::string(part.text("organ", kMaxShortBytes))};
  });
  fail_with(outer, key, in.fault());
  return table;
}

}  // namespace yishi::deliberation
