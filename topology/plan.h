// A plan: the operations that lead from the units that are to those of a divisions file, as
// lines of text that people read, correct and hand back.
//
//   # anything after a number sign is for people
//   add CODE LEVEL PARENT NAME
//   rename CODE NAME
//   move CODE PARENT
//   retire CODE SUCCESSOR
//
// A plan is carried out line by line from the top; a line that is true already is passed over,
// so that it can be interrupted, and run again. A unit that the file no longer has is retired
// only where its successor is plain: where a new unit of the same name and level stands under
// the same parent, or what was its parent's too has been retired there. Else the plan has a
// comment that asks for a decision. Rooms are not in divisions files and stay as they are.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "topology/change.h"
#include "topology/divisions_csv.h"

namespace yishi::topology {

inline constexpr std::size_t kMaxPlanBytes = std::size_t{32} << 20;
inline constexpr std::size_t kMaxPlanLines = 400'000;

struct PresentUnit {
  Unit unit;
  bool retired = false;
};

struct Plan {
  std::vector<Operation> operations;  // unit.added, .renamed, .moved, .retired; in a good order
  std::vector<Unit> undecided;        // in the network, not in the file, and no successor plain
  std::string to_text() const;
};

Plan make_plan(const std::vector<PresentUnit>& present, const Divisions& wanted);
// Rule "plan.line" names the line. Rule "plan.size".
Result<std::vector<Operation>> parse_plan(std::string_view text);
// Those that are not true yet, in order.
std::vector<Operation> still_to_do(const std::vector<Operation>& plan,
                                   const std::vector<PresentUnit>& present);

}  // namespace yishi::topology
