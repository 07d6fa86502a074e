// The figures that leaders see, as sums kept with the issues, and what lies behind each number.
//
// A figure has a name ("issues", "stage:held", "closing:solved", tally.h) and a sum for each
// unit and month; which month, of the logging or of the event, the figure itself says. Kept by
// difference in the transaction of the records, so exact at every commit. Each sum can be
// opened: `behind` finds the issues it is made of, `sittings` the sessions.
//
// A Figures belongs to the thread of its database.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/deliberation/tally.h"
#include "node/store/database.h"
#include "topology/directory.h"

namespace yishi::store {

struct Span {                     // of months, both ends in it
  std::int32_t from = 0, to = 0;  // 0 and 0: all
  bool all() const { return from == 0 && to == 0; }
  bool operator==(const Span&) const = default;
};

// Not one sum of all months, but each of them.
inline constexpr Span kEachMonth{1, INT32_MAX};

struct FigureSum {
  const std::string* unit = nullptr;    // home, or who held the session; empty: the whole store
  std::int32_t month = 0;               // 0: of all months
  const std::string* figure = nullptr;  // both live until the next sum
  std::int64_t amount = 0;
};

struct Behind {  // an issue, and how much of the number it is
  deliberation::Issue issue;
  std::int64_t amount = 0;
};
struct BehindPage {
  std::vector<Behind> issues;
  std::string next;  // for the next page; empty: this is the last
};

struct SittingRow {
  deliberation::HeldSession sitting;  // people: the most that one of its issues tells of
  std::vector<std::string> issues;    // their ids; at most kMaxListed
};

class Figures {
 public:
  explicit Figures(Database& database) : database_(database) {}

  // The sums of these units, or of all of them (empty), in no particular order. For a span the
  // single months come, with "issue:CATEGORY:STAGE" instead of the three it sums up to (spread()
  // tells those); for all months one row a figure. `whole`: those of the whole store instead.
  void each(const Span& span, const std::vector<topology::Code>& units,
            const std::function<void(const FigureSum&)>& take) const;
  void each_whole(const Span& span, const std::function<void(const FigureSum&)>& take) const;

  // The issues behind a number, by home and then in the order in which they came; a page reads
  // no further than it shows. `units` empty: all. `cursor`: `next` of the page before.
  BehindPage behind(const std::string& figure, const Span& span,
                    const std::vector<topology::Code>& units, const std::string& cursor,
                    std::size_t limit) const;
  // The sessions behind "session:FORM" (form empty with any_form: of every form), by unit and
  // time; `people` of those are the number of "people". At most limit, beginning after `skip`.
  std::vector<SittingRow> sittings(const std::optional<std::string>& form, const Span& span,
                                   const std::vector<topology::Code>& units, std::size_t skip,
                                   std::size_t limit) const;

 private:
  Database& database_;
};

// What "issue:CATEGORY:STAGE" adds to: "issues", "category:CATEGORY", "stage:STAGE". Any other
// name adds to itself alone.
std::vector<std::string> spread(const std::string& figure);
// Whether one issue counts in a figure at most once, so that the number is one of issues.
bool counts_issues(std::string_view figure);

}  // namespace yishi::store
