#include "node/deliberation/bulletin.h"

#include <algorithm>
#include <tuple>

#include "crypto/result.h"

namespace yishi::deliberation {
namespace {

std::string points_in_words(std::uint64_t points) {
  constexpr std::uint64_t kHundredths = 100;
  const std::string rest = std::to_string(points % kHundredths);
  return std::to_string(points / kHundredths) + (rest.size() < 2 ? ".0" : ".") + rest + " 分";
}

std::string period_in_words(const Period& period) {
  if (period.from.empty() && period.to.empty()) return "历年";
  if (period.from.empty()) return "截至 " + period.to;
  if (period.to.empty()) return period.from + " 以来";
  return period.from + " 至 " + period.to;
}

std::string graded(const Stars& stars, const std::vector<RatedUnit>& rated) {
  std::string text = "参评 " + std::to_string(rated.size()) + " 个单位";
  std::size_t without = rated.size();
  for (const auto& grade : stars.grades) {
    const auto count = std::count_if(rated.begin(), rated.end(), [&](const RatedUnit& one) {
      return grade_of(stars, one.points) == &grade;
    });
    text += "，" + grade.label.zh + " " + std::to_string(count) + " 个";
    without -= static_cast<std::size_t>(count);
  }
  return text + "，未评上 " + std::to_string(without) + " 个。\n";
}

// Those of `rated` from best to worst, or worst to best, that a list of the bulletin names.
struct Named {
  std::vector<std::string> codes;
  std::string text;
};

Named name_units(const Stars& stars, const std::vector<const RatedUnit*>& units,
                 const std::string& head) {
  Named named;
  if (units.empty()) return named;
  named.text = head + "：\n";
  for (const RatedUnit* one : units) {
    if (named.codes.size() == kMaxNamedUnits) {
      named.text += "……另有 " + std::to_string(units.size() - kMaxNamedUnits) + " 个单位。\n";
      break;
    }
    const StarGrade* grade = grade_of(stars, one->points);
    named.codes.push_back(one->unit.text());
    named.text += std::to_string(named.codes.size()) + ". " + one->name + "　" +
                  (grade == nullptr ? "未评上" : grade->label.zh) + "　" +
                  points_in_words(one->points) + "\n";
  }
  return named;
}

}  // namespace

FieldValues compose_bulletin(const Stars& stars, std::vector<RatedUnit> rated,
                             const BulletinFrame& frame) {
  const StarBulletin& rule = stars.bulletin;
  YISHI_ASSERT(!rule.register_id.empty());
  std::sort(rated.begin(), rated.end(), [](const RatedUnit& a, const RatedUnit& b) {
    return std::tie(b.points, a.unit) < std::tie(a.points, b.unit);
  });
  std::vector<const RatedUnit*> praised;
  std::vector<const RatedUnit*> urged;
  for (const auto& one : rated) {
    const StarGrade* grade = grade_of(stars, one.points);
    const std::uint64_t its_stars = grade == nullptr ? 0 : grade->stars;
    if (its_stars >= rule.praised_from) {
      praised.push_back(&one);
    } else if (its_stars <= rule.urged_to) {
      urged.push_back(&one);
    }
  }
  std::reverse(urged.begin(), urged.end());  // those with the fewest points first
  const Named good = name_units(stars, praised, "通报表扬");
  const Named poor = name_units(stars, urged, "督促改进");

  FieldValues fields;
  const auto put = [&](const std::string& field, std::vector<std::string> values) {
    if (!field.empty() && !values.empty()) fields[field] = std::move(values);
  };
  put(rule.date, {frame.day});
  put(rule.title, {frame.issuer + "协商议事工作通报（" + period_in_words(frame.period) + "）"});
  put(rule.text, {graded(stars, rated) + good.text + poor.text + "数据范围：" + frame.complete});
  put(rule.praised, good.codes);
  put(rule.urged, poor.codes);
  return fields;
}

}  // namespace yishi::deliberation
