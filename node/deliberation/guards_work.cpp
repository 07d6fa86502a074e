// Guards on carrying out and closing.
#include "node/deliberation/guards.h"

namespace yishi::deliberation {

namespace {

Shortfall assignments_done(const Scene& scene) {
  std::string open;
  for (const Assignment& one : scene.issue.assignments) {
    if (!one.done) open += (open.empty() ? "" : ", ") + std::to_string(one.number);
  }
  return need(open.empty(), "task", "尚未完成的交办：" + open, "assignments not done: " + open);
}

Shortfall figures_given(const Scene& scene) {
  return need(!scene.body.figures.empty(), "figs", "缺少前后对比数据", "figures are missing");
}

}  // namespace

std::vector<KnownGuard> work_guards() {
  return {{"assignments_done", assignments_done, ""}, {"figures_given", figures_given, ""}};
}

}  // namespace yishi::deliberation
