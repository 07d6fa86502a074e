// The state of an issue as bytes, for the store of this node only: it never travels.
//
//   byte 5 (version), then msgpack map; the keys stand below, what is empty is left out. A new
//   version of the state gets a new version byte, and a step of the schema that has all states
//   derived again.
#include <algorithm>

#include "crypto/pack.h"
#include "node/deliberation/codec.h"
#include "node/deliberation/follow_codec.h"
#include "node/deliberation/issue.h"
#include "node/deliberation/proceedings_codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::uint8_t kVersion = 5;
constexpr std::size_t kAssignmentParts = 12;
constexpr std::size_t kMaxIdBytes = 64;
// Lists that grow with an issue's history are kept under this by kMaxTransitions and
// kMaxConcerned (rules.h).
constexpr std::size_t kMaxList = kMaxPackArray;
static_assert(kMaxTransitions <= kMaxList);

// A list of names as one text: it may be longer than the longest array.
std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

void write_assignment(Packer& out, const Assignment& one) {
  out.array(kAssignmentParts).number(one.number).text(one.unit.text()).text(one.text);
  out.number(one.due_ms).number(one.given_ms).number(one.percent).number(one.done ? 1 : 0);
  out.text(one.last_text).number(one.progress_ms).binary(one.progress_digest.view());
  out.number(one.joint ? 1 : 0).number(one.climbed ? 1 : 0);
}

std::optional<Assignment> read_assignment(Fields& in, const Value& value) {
  Sequence parts(value, "assignment", kAssignmentParts);
  Assignment one;
  one.number = parts.number("number");
  const std::string_view unit = parts.text("unit", kMaxIdBytes);
  one.text = parts.text("text", kMaxTextBytes);
  one.due_ms = parts.number("due");
  one.given_ms = parts.number("given");
  one.percent = parts.number("percent");
  one.done = parts.number("done", 1) == 1;
  one.last_text = parts.text("last", kMaxTextBytes);
  one.progress_ms = parts.number("progress");
  const View digest = parts.binary_exact("digest", crypto::kDigestBytes);
  one.joint = parts.number("joint", 1) == 1;
  one.climbed = parts.number("climbed", 1) == 1;
  if (fail_with(in, "tasks", parts.fault())) return std::nullopt;
  auto code = topology::Code::parse(unit);
  if (!code) {
    fail_with(in, "tasks", code.error());
    return std::nullopt;
  }
  one.unit = *code;
  one.progress_digest = crypto::Digest::from(digest);
  return one;
}

// The pairs of the state's map that say something: most of its fields are empty for most of an
// issue's life, and each row is read and written whole.
class StatePairs {
 public:
  Packer& key(std::string_view name) {
    ++pairs_;
    return values_.text(name);
  }
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) key(name).text(value);
  }
  void number(std::string_view name, std::uint64_t value) {
    if (value != 0) key(name).number(value);
  }
  void flag(std::string_view name, bool value) {
    if (value) key(name).flag(true);
  }
  template <class List, class Write>
  void list(std::string_view name, const List& list, Write write) {
    if (!list.empty()) write(key(name), list);
  }

  Bytes finish(std::uint8_t version) {
    Packer head;
    head.map(pairs_);
    const Bytes start = head.take();
    const Bytes values = values_.take();
    Bytes bytes;
    bytes.reserve(1 + start.size() + values.size());
    bytes.push_back(version);
    bytes.insert(bytes.end(), start.begin(), start.end());
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
  }

 private:
  Packer values_;
  std::size_t pairs_ = 0;
};

void write_words(StatePairs& out, const Issue& issue) {
  out.text("stage", issue.stage);
  out.text("title", issue.title);
  out.text("text", issue.text);
  out.text("cat", issue.category);
  out.text("src", issue.source);
  out.text("decision", issue.decision);
  out.text("outcome", issue.outcome);
  out.text("became", issue.became);
  out.text("result", issue.result);
  out.text("return", issue.return_reason);
  out.text("imp", issue.import_key);
}

void read_words(Fields& in, Issue& issue) {
  issue.stage = in.text_or("stage", "", kMaxIdBytes);
  issue.title = in.text_or("title", "", kMaxTitleBytes);
  issue.text = in.text_or("text", "", kMaxTextBytes);
  issue.category = in.text_or("cat", "", kMaxIdBytes);
  issue.source = in.text_or("src", "", kMaxIdBytes);
  issue.decision = in.text_or("decision", "", kMaxTextBytes);
  issue.outcome = in.text_or("outcome", "", kMaxTextBytes);
  issue.became = in.text_or("became", "", kMaxIdBytes);
  issue.result = in.text_or("result", "", kMaxIdBytes);
  issue.return_reason = in.text_or("return", "", kMaxTextBytes);
  issue.import_key = in.text_or("imp", "", kMaxImportKeyBytes);
}

void write_numbers(StatePairs& out, const Issue& issue) {
  out.number("n", issue.n);
  if (!issue.last.is_zero()) out.key("last").binary(issue.last.view());
  out.number("policy", issue.policy_version);
  if (issue.budget_fen != 0) out.key("fen").integer(issue.budget_fen);
  out.number("logged", issue.logged_ms);
  out.number("changed", issue.changed_ms);
  out.number("accept_by", issue.accept_by_ms);
  out.number("closed", issue.closed_ms);
  out.number("approved_n", issue.approved_n);
  out.flag("researched", issue.researched);
  out.flag("held", issue.session_held);
  out.number("comments", issue.comments);
  out.number("evaluations", issue.evaluations);
  out.number("score", issue.score_sum);
  out.number("approved_ms", issue.approved_ms);
  out.number("returns", issue.returns);
}

void read_numbers(Fields& in, Issue& issue) {
  issue.n = in.number_or("n", 0);
  const View last = in.binary_or_empty("last", crypto::kDigestBytes);
  if (!last.empty() && last.size() != crypto::kDigestBytes) {
    in.fail("last", "pack.length", "摘要的长度不对。", "a digest of another length.");
  } else if (!last.empty()) {
    issue.last = crypto::Digest::from(last);
  }
  issue.policy_version = in.number_or("policy", 0);
  issue.budget_fen = in.integer_or("fen", 0);
  if (issue.n > kMaxTransitions || issue.budget_fen < 0 || issue.budget_fen > kMaxBudgetFen) {
    in.fail("n", "pack.range", "数值超出范围。", "a number out of range.");
  }
  issue.logged_ms = in.number_or("logged", 0);
  issue.changed_ms = in.number_or("changed", 0);
  issue.accept_by_ms = in.number_or("accept_by", 0);
  issue.closed_ms = in.number_or("closed", 0);
  issue.approved_n = in.number_or("approved_n", 0);
  issue.researched = in.flag_or("researched", false);
  issue.session_held = in.flag_or("held", false);
  issue.comments = in.number_or("comments", 0);
  issue.evaluations = in.number_or("evaluations", 0);
  issue.score_sum = in.number_or("score", 0);
  issue.approved_ms = in.number_or("approved_ms", 0);
  issue.returns = in.number_or("returns", 0);
}

void write_filed(Packer& out, const std::map<topology::Code, std::uint64_t>& filed) {
  out.array(filed.size());
  for (const auto& [unit, time_ms] : filed) out.array(2).text(unit.text()).number(time_ms);
}

void write_units(StatePairs& out, const Issue& issue) {
  out.text("home", issue.home.text());
  out.text("holder", issue.holder.text());
  out.text("proposer", issue.proposer.text());
  out.text("approved_by", issue.approved_by.text());
  out.text("approved_for", issue.approved_for.text());
  out.list("reach", issue.reach, write_codes);
  out.list("custody", issue.custody, write_codes);
  const std::vector<topology::Code> concerned(issue.concerned.begin(), issue.concerned.end());
  out.list("concerned", concerned, write_codes);
  out.list("filed", issue.filed, write_filed);
}

void read_filed(Fields& in, Issue& issue) {
  const Value* filed = in.array_or_null("filed", kMaxList);
  for (std::size_t i = 0; filed != nullptr && i < filed->size(); ++i) {
    Sequence pair(*filed->at(i), "filed", 2);
    const std::string_view unit = pair.text("unit", kMaxIdBytes);
    const std::uint64_t time_ms = pair.number("time");
    if (fail_with(in, "filed", pair.fault())) return;
    auto code = topology::Code::parse(unit);
    if (!code) {
      fail_with(in, "filed", code.error());
      return;
    }
    issue.filed[*code] = time_ms;
  }
}

void read_units(Fields& in, Issue& issue) {
  issue.home = read_code(in, "home");
  issue.holder = read_code(in, "holder");
  issue.proposer = read_code(in, "proposer");
  issue.approved_by = read_code(in, "approved_by");
  issue.approved_for = read_code(in, "approved_for");
  issue.reach = read_codes(in, "reach", kMaxReach);
  issue.custody = read_codes(in, "custody", kMaxList);
  const auto concerned = read_codes(in, "concerned", kMaxList);
  issue.concerned = {concerned.begin(), concerned.end()};
  read_filed(in, issue);
}

void write_handed(Packer& out, const std::vector<std::vector<std::string>>& handed) {
  out.array(handed.size());
  for (const auto& reasons : handed) out.text(joined(reasons));
}

void write_assignments(Packer& out, const std::vector<Assignment>& assignments) {
  out.array(assignments.size());
  for (const Assignment& one : assignments) write_assignment(out, one);
}

void write_lists(StatePairs& out, const Issue& issue) {
  out.list("handed", issue.custody_reasons, write_handed);
  const std::vector<std::string> granted(issue.granted.begin(), issue.granted.end());
  out.list("granted", granted, write_texts);
  out.text("climbs", joined(issue.escalations));
  out.list("tasks", issue.assignments, write_assignments);
  out.list("figs", issue.figures, write_figures);
}

void read_lists(Fields& in, Issue& issue) {
  for (const std::string& reasons : read_texts(in, "handed", kMaxList, kMaxShortBytes)) {
    issue.custody_reasons.push_back(split(reasons));
  }
  const auto granted = read_texts(in, "granted", kMaxList, kMaxIdBytes);
  issue.granted = {granted.begin(), granted.end()};
  issue.escalations = split(in.text_or("climbs", "", kMaxPackText));
  const Value* tasks = in.array_or_null("tasks", kMaxAssignments);
  for (std::size_t i = 0; tasks != nullptr && i < tasks->size(); ++i) {
    auto one = read_assignment(in, *tasks->at(i));
    if (!one) return;
    issue.assignments.push_back(std::move(*one));
  }
  issue.figures = read_figures(in, "figs");
}

}  // namespace

Bytes encode_issue(const Issue& issue) {
  static const Proceedings kNothingSaid;
  static const FollowedUp kNothingFollowed;
  StatePairs out;
  out.text("id", issue.id);
  write_words(out, issue);
  write_numbers(out, issue);
  write_units(out, issue);
  write_lists(out, issue);
  if (issue.table != kNothingSaid) write_proceedings(out.key("table"), issue.table);
  if (issue.follow != kNothingFollowed) write_followed_up(out.key("follow"), issue.follow);
  return out.finish(kVersion);
}

Result<Issue> decode_issue(View bytes) {
  if (bytes.empty() || bytes[0] != kVersion) {
    return Error{"issue.state.version", "issue", "事项状态的版本不认识，需要重新计算。",
                 "the stored state of the issue has an unknown version and must be folded again"};
  }
  auto document = Document::parse(bytes.subspan(1), "issue");
  if (!document) return document.error();
  Fields fields(document->root(), "issue");
  Issue issue;
  issue.id = fields.text_or("id", "", kMaxIdBytes);
  read_words(fields, issue);
  read_numbers(fields, issue);
  read_units(fields, issue);
  read_lists(fields, issue);
  if (fields.map_or_null("table") != nullptr) issue.table = read_proceedings(fields, "table");
  if (fields.map_or_null("follow") != nullptr) issue.follow = read_followed_up(fields, "follow");
  if (fields.fault()) return *fields.fault();
  return issue;
}

std::string revision_of(const Issue& issue) {
  constexpr std::size_t kRevisionBytes = 8;
  const Bytes state = encode_issue(issue);
  const auto digest = crypto::digest(crypto::Suite::kEd25519Sha256, "yishi/revision/1", {state});
  return to_hex(digest.view().first(kRevisionBytes));
}

}  // namespace yishi::deliberation
