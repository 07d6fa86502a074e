// Division files: a file is taken exactly when the naive reader takes it, with the same units;
// what was taken is written and read back the same. A refusal names lines of the file.
#include "topology/divisions_csv.h"

#include <algorithm>

#include "tests/fuzz/naive_csv.h"
#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

using topology::Unit;

std::vector<Unit> sorted(std::vector<Unit> units) {
  std::sort(units.begin(), units.end(),
            [](const Unit& a, const Unit& b) { return a.code < b.code; });
  return units;
}

bool parents_first(const std::vector<Unit>& units) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto before = units.begin() + static_cast<std::ptrdiff_t>(i);
    const bool found = std::any_of(units.begin(), before,
                                   [&](const Unit& unit) { return unit.code == units[i].parent; });
    if (found == units[i].parent.empty()) return false;
  }
  return true;
}

void hold_refusal(const topology::CsvImport& import, View input) {
  const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n')) + 1;
  YISHI_ASSERT(import.divisions.units.empty());
  YISHI_ASSERT(import.faults.size() <= topology::kMaxReported);
  YISHI_ASSERT(import.unreported == 0 || import.faults.size() == topology::kMaxReported);
  std::size_t before = 1;
  for (const auto& fault : import.faults) {
    YISHI_ASSERT(fault.line >= before && fault.line <= lines);
    YISHI_ASSERT(is_utf8(fault.error.zh) && is_utf8(fault.error.en));
    before = fault.line;
  }
  YISHI_ASSERT(import.summary().rule == import.faults.front().error.rule);
}

}  // namespace

void fuzz_divisions(View input) {
  const auto import = topology::import_divisions(input);
  // Other encodings are not the naive reader's: there only the outcome's own shape is held.
  if (is_utf8(text_of(input))) {
    const auto naive = naive_import(text_of(input));
    YISHI_ASSERT(import.ok() == naive.has_value());
    if (naive) YISHI_ASSERT(sorted(import.divisions.units) == sorted(*naive));
  }
  if (!import.ok()) return hold_refusal(import, input);
  YISHI_ASSERT(parents_first(import.divisions.units));
  const auto again =
      topology::import_divisions(view_of(topology::export_divisions(import.divisions.units)));
  YISHI_ASSERT(again.ok() && again.divisions.units == import.divisions.units);
}

}  // namespace yishi::fuzz
