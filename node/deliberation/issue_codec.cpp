// The state of an issue as bytes, for the store of this node only: it never travels.
//
//   byte 3 (version), then msgpack map; the keys stand below. A new version of the state
//   gets a new version byte, and the store refolds what it cannot read.
#include <algorithm>

#include "crypto/pack.h"
#include "node/deliberation/codec.h"
#include "node/deliberation/follow_codec.h"
#include "node/deliberation/issue.h"
#include "node/deliberation/proceedings_codec.h"

namespace yishi::deliberation {

namespace {

constexpr std::uint8_t kVersion = 4;
constexpr std::size_t kPairs = 44;
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

void write_words(Packer& out, const Issue& issue) {
  out.text("stage").text(issue.stage).text("title").text(issue.title);
  out.text("text").text(issue.text).text("cat").text(issue.category);
  out.text("src").text(issue.source).text("decision").text(issue.decision);
  out.text("outcome").text(issue.outcome).text("became").text(issue.became);
  out.text("result").text(issue.result).text("return").text(issue.return_reason);
  out.text("imp").text(issue.import_key);
}

void read_words(Fields& in, Issue& issue) {
  issue.stage = in.text("stage", kMaxIdBytes);
  issue.title = in.text("title", kMaxTitleBytes);
  issue.text = in.text("text", kMaxTextBytes);
  issue.category = in.text("cat", kMaxIdBytes);
  issue.source = in.text("src", kMaxIdBytes);
  issue.decision = in.text("decision", kMaxTextBytes);
  issue.outcome = in.text("outcome", kMaxTextBytes);
  issue.became = in.text("became", kMaxIdBytes);
  issue.result = in.text("result", kMaxIdBytes);
  issue.return_reason = in.text("return", kMaxTextBytes);
  issue.import_key = in.text("imp", kMaxImportKeyBytes);
}

void write_numbers(Packer& out, const Issue& issue) {
  out.text("n").number(issue.n).text("last").binary(issue.last.view());
  out.text("policy").number(issue.policy_version).text("fen").integer(issue.budget_fen);
  out.text("logged").number(issue.logged_ms).text("changed").number(issue.changed_ms);
  out.text("accept_by").number(issue.accept_by_ms).text("closed").number(issue.closed_ms);
  out.text("approved_n").number(issue.approved_n);
  out.text("researched").flag(issue.researched).text("held").flag(issue.session_held);
  out.text("comments").number(issue.comments).text("evaluations").number(issue.evaluations);
  out.text("score").number(issue.score_sum);
  out.text("approved_ms").number(issue.approved_ms).text("returns").number(issue.returns);
}

void read_numbers(Fields& in, Issue& issue) {
  issue.n = in.number("n", kMaxTransitions);
  const View last = in.binary_exact("last", crypto::kDigestBytes);
  if (!last.empty()) issue.last = crypto::Digest::from(last);
  issue.policy_version = in.number("policy");
  issue.budget_fen =
      static_cast<std::int64_t>(in.number("fen", static_cast<std::uint64_t>(kMaxBudgetFen)));
  issue.logged_ms = in.number("logged");
  issue.changed_ms = in.number("changed");
  issue.accept_by_ms = in.number("accept_by");
  issue.closed_ms = in.number("closed");
  issue.approved_n = in.number("approved_n");
  issue.researched = in.flag_or("researched", false);
  issue.session_held = in.flag_or("held", false);
  issue.comments = in.number("comments");
  issue.evaluations = in.number("evaluations");
  issue.score_sum = in.number("score");
  issue.approved_ms = in.number("approved_ms");
  issue.returns = in.number("returns");
}

void write_units(Packer& out, const Issue& issue) {
  out.text("home").text(issue.home.text()).text("holder").text(issue.holder.text());
  out.text("proposer").text(issue.proposer.text());
  out.text("approved_by").text(issue.approved_by.text());
  out.text("approved_for").text(issue.approved_for.text());
  out.text("reach");
  write_codes(out, issue.reach);
  out.text("custody");
  write_codes(out, issue.custody);
  out.text("concerned");
  write_codes(out, {issue.concerned.begin(), issue.concerned.end()});
  out.text("filed").array(issue.filed.size());
  for (const auto& [unit, time_ms] : issue.filed) out.array(2).text(unit.text()).number(time_ms);
}

void read_filed(Fields& in, Issue& issue) {
  const Value* filed = in.array("filed", kMaxList);
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

void write_lists(Packer& out, const Issue& issue) {
  out.text("handed").array(issue.custody_reasons.size());
  for (const auto& reasons : issue.custody_reasons) out.text(joined(reasons));
  out.text("granted");
  write_texts(out, {issue.granted.begin(), issue.granted.end()});
  out.text("climbs").text(joined(issue.escalations));
  out.text("tasks").array(issue.assignments.size());
  for (const Assignment& one : issue.assignments) write_assignment(out, one);
  out.text("figs");
  write_figures(out, issue.figures);
}

void read_lists(Fields& in, Issue& issue) {
  for (const std::string& reasons : read_texts(in, "handed", kMaxList, kMaxShortBytes)) {
    issue.custody_reasons.push_back(split(reasons));
  }
  const auto granted = read_texts(in, "granted", kMaxList, kMaxIdBytes);
  issue.granted = {granted.begin(), granted.end()};
  issue.escalations = split(in.text("climbs", kMaxPackText));
  const Value* tasks = in.array("tasks", kMaxAssignments);
  for (std::size_t i = 0; tasks != nullptr && i < tasks->size(); ++i) {
    auto one = read_assignment(in, *tasks->at(i));
    if (!one) return;
    issue.assignments.push_back(std::move(*one));
  }
  issue.figures = read_figures(in, "figs");
}

}  // namespace

Bytes encode_issue(const Issue& issue) {
  Packer out;
  out.map(kPairs).text("id").text(issue.id);
  write_words(out, issue);
  write_numbers(out, issue);
  write_units(out, issue);
  write_lists(out, issue);
  out.text("table");
  write_proceedings(out, issue.table);
  out.text("follow");
  write_followed_up(out, issue.follow);
  Bytes bytes(1 + out.bytes().size());
  bytes.front() = kVersion;
  std::copy(out.bytes().begin(), out.bytes().end(), bytes.begin() + 1);
  return bytes;
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
  issue.id = fields.text("id", kMaxIdBytes);
  read_words(fields, issue);
  read_numbers(fields, issue);
  read_units(fields, issue);
  read_lists(fields, issue);
  issue.table = read_proceedings(fields, "table");
  issue.follow = read_followed_up(fields, "follow");
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
