#include "node/http/frontier_json.h"

#include "node/http/issue_json.h"
#include "node/http/quantities.h"

namespace yishi::http {
namespace {

constexpr std::size_t kNamesInSentence = 5;  // units; the rest are counted

std::string unit_names(const topology::Directory& directory,
                       const std::vector<topology::Code>& codes, bool chinese) {
  std::string out;
  for (std::size_t i = 0; i < codes.size() && i < kNamesInSentence; ++i) {
    const auto unit = directory.unit(codes[i]);
    if (i > 0) out += chinese ? "、" : ", ";
    out += unit ? unit->name : codes[i].text();
  }
  if (codes.size() > kNamesInSentence) {
    const std::string count = std::to_string(codes.size());
    out += chinese ? " 等 " + count + " 个" : " and others, " + count + " in all";
  }
  return out;
}

std::string sentence(const topology::Directory& directory, const store::Frontier& frontier,
                     bool chinese) {
  const auto n = [](std::uint64_t count) { return std::to_string(count); };
  const auto list = [&](const std::vector<topology::Code>& codes, std::string_view zh,
                        std::string_view en) {
    if (codes.empty()) return std::string();
    return (chinese ? "；" : "; ") + std::string(chinese ? zh : en) +
           unit_names(directory, codes, chinese);
  };
  std::string out;
  if (frontier.nodes == 0) {
    out = chinese ? "下级没有节点" : "no nodes below";
  } else {
    out = chinese ? "下级 " + n(frontier.nodes) + " 个节点中 " + n(frontier.in) + " 个已到齐"
                  : n(frontier.in) + " of " + n(frontier.nodes) + " nodes below are in";
    if (frontier.up_to_ms != 0) {
      const std::string when = rfc3339(frontier.up_to_ms);
      const std::string moment = when.substr(0, 10) + ' ' + when.substr(11, 5);
      out += chinese ? "，截至 " + moment : ", up to " + moment;
    }
  }
  out += list(frontier.behind, "记录在途：", "still on their way: ");
  out += list(frontier.missing, "从未联系：", "never heard of: ");
  out += list(frontier.silent, "失去联系：", "silent: ");
  if (frontier.units_without_node > 0) {
    const std::string count = n(frontier.units_without_node);
    out +=
        chinese ? "；" + count + " 个单位没有自己的节点" : "; " + count + " units without a node";
  }
  return out + (chinese ? "。" : ".");
}

}  // namespace

Json frontier_json(const topology::Directory& directory, const store::Frontier& frontier) {
  return {{"units", frontier.units},
          {"nodes", frontier.nodes},
          {"in", frontier.in},
          {"up_to", times(frontier.up_to_ms)},
          {"behind", units_json(directory, frontier.behind)},
          {"missing", units_json(directory, frontier.missing)},
          {"silent", units_json(directory, frontier.silent)},
          {"units_without_node", frontier.units_without_node},
          {"zh", sentence(directory, frontier, true)},
          {"en", sentence(directory, frontier, false)}};
}

}  // namespace yishi::http
