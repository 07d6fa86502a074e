// /stars/bulletin: a bulletin composed from the star rating, to be read, changed and sent.
#include "node/deliberation/bulletin.h"

#include "node/http/frontier_json.h"
#include "node/http/issue_json.h"
#include "node/http/limits.h"
#include "node/http/measure_question.h"
#include "node/http/quantities.h"
#include "node/http/query.h"
#include "node/store/measures.h"

namespace yishi::http {

Result<Reply> get_bulletin(Call& call) {
  Query query(call.request());
  const auto asked = read_measure_question(query);
  const std::string wanted = query.text("day");
  if (const auto status = query.finish(); !status) return status.error();
  if (!asked) return asked.error();
  const std::string day = wanted.empty() ? today() : wanted;
  if (!is_day(day)) return wrong_day("day");
  const auto ready = open_measure_question(call, *asked);
  if (!ready) return ready.error();
  const auto& stars = ready->policy->stars;
  if (stars.bulletin.register_id.empty()) {
    return Error{"http.missing", "bulletin", "规则没有写 [stars.bulletin]，不能由星级生成通报",
                 "the policy has no [stars.bulletin], so none is composed from the stars"};
  }
  const auto& question = ready->question;
  std::vector<deliberation::RatedUnit> rated;
  for (auto& line : store::star_lines(call.database(), question)) {
    const auto unit = call.directory().unit(line.unit);
    rated.push_back({std::move(line.unit), unit ? unit->name : "", line.total});
  }
  const Json complete = frontier_of(call, question.unit);
  const auto issuer = call.directory().unit(call.snapshot().unit);
  const auto fields = deliberation::compose_bulletin(
      stars, std::move(rated),
      {issuer ? issuer->name : "", day, question.period, complete.value("zh", "")});
  return Reply{{{"register", stars.bulletin.register_id},
                {"unit", unit_json(call.directory(), call.snapshot().unit)},
                {"fields", fields},
                {"frontier", complete}}};
}

}  // namespace yishi::http
