#include "node/deliberation/policy_faults.h"

#include <algorithm>

namespace yishi::deliberation {

void PolicyFaults::add(std::uint32_t line, std::string rule, std::string zh, std::string en) {
  faults_.push_back({line, std::move(rule), std::move(zh), std::move(en)});
}

Error PolicyFaults::error() const {
  YISHI_ASSERT(!faults_.empty());
  std::vector<Fault> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Fault& a, const Fault& b) { return a.line < b.line; });
  Error error{sorted.front().rule, "line " + std::to_string(sorted.front().line), "", ""};
  for (std::size_t i = 0; i < sorted.size() && i < kMaxPolicyFaults; ++i) {
    const Fault& one = sorted[i];
    const std::string line = std::to_string(one.line);
    if (i > 0) {
      error.zh += "\n";
      error.en += "\n";
    }
    error.zh += "第 " + line + " 行：" + one.zh + "（" + one.rule + "）";
    error.en += "line " + line + ": " + one.en + " (" + one.rule + ")";
  }
  if (sorted.size() > kMaxPolicyFaults) {
    const std::string more = std::to_string(sorted.size() - kMaxPolicyFaults);
    error.zh += "\n另有 " + more + " 处错误";
    error.en += "\nand " + more + " further faults";
  }
  return error;
}

}  // namespace yishi::deliberation
