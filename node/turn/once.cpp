#include "node/turn/once.h"

#include <algorithm>

#include "crypto/pack.h"

namespace yishi::turn {
namespace {

constexpr std::uint64_t kDoneVersion = 1;
constexpr std::size_t kMaxKinds = 1024;  // runs of one kind
constexpr std::size_t kMaxKindBytes = 64;

using KindRuns = std::vector<std::pair<std::string, std::uint64_t>>;

// Kinds come in long runs: five thousand entries of a register are one pair. Where they do not,
// how often each was written is kept, and not in which order.
KindRuns runs_of(std::vector<std::string> kinds) {
  const auto count = [&] {
    KindRuns runs;
    for (const auto& kind : kinds) {
      if (runs.empty() || runs.back().first != kind) runs.emplace_back(kind, 0);
      ++runs.back().second;
    }
    return runs;
  };
  auto runs = count();
  if (runs.size() <= kMaxKinds) return runs;
  std::sort(kinds.begin(), kinds.end());
  return count();
}

}  // namespace

Bytes encode_done(const Done& done) {
  Packer out;
  out.array(7).number(kDoneVersion).text(done.issue).number(done.sequence).number(done.version);
  const auto runs = runs_of(done.kinds);
  out.array(runs.size());
  for (const auto& [kind, count] : runs) out.array(2).text(kind).number(count);
  out.array(done.lines.size());
  for (const auto& line : done.lines) out.array(2).text(line.issue).number(line.known ? 1 : 0);
  out.number(done.unchanged);
  return out.take();
}

Result<Done> decode_done(View bytes) {
  const auto document = Document::parse(bytes, "answer");
  if (!document) return document.error();
  Sequence in(document->root(), "answer", 7);
  Done done;
  in.number("version", kDoneVersion);
  done.issue = in.text("issue", kMaxPackText);
  done.sequence = in.number("sequence");
  done.version = in.number("topology");
  const Value* kinds = in.array("kinds", kMaxKinds);
  for (std::size_t i = 0; kinds != nullptr && i < kinds->size(); ++i) {
    Sequence run(*kinds->at(i), "kinds", 2);
    const auto kind = run.text("kind", kMaxKindBytes);
    const auto count = run.number("count", kMaxRegisterChanges + kMaxIssuesAtOnce);
    if (run.fault()) return *run.fault();
    done.kinds.insert(done.kinds.end(), count, std::string(kind));
  }
  const Value* lines = in.array("lines", kMaxIssuesAtOnce);
  for (std::size_t i = 0; lines != nullptr && i < lines->size(); ++i) {
    Sequence one(*lines->at(i), "lines", 2);
    LoggedLine line;
    line.issue = one.text("issue", kMaxPackText);
    line.known = one.number("known", 1) == 1;
    if (one.fault()) return *one.fault();
    done.lines.push_back(std::move(line));
  }
  done.unchanged = in.number("unchanged");
  if (in.fault()) return *in.fault();
  return done;
}

}  // namespace yishi::turn
