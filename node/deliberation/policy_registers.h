// The part of a policy about registers, measures, minimums and stars. Read by policy_registers.cpp
// and policy_measures.cpp; the format stands in the README.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/deliberation/label.h"

namespace yishi::deliberation {

enum class FieldType { kText, kNumber, kDate, kLabel, kUnit, kEntry, kIssue };

struct RegisterField {
  Label label;
  FieldType type = FieldType::kText;
  bool required = false;
  bool many = false;           // several values
  bool personal = false;       // masked in lists and exports
  std::vector<Label> options;  // kLabel
  std::string of;              // kEntry: the register
};

struct Register {
  Label label;
  std::vector<std::string> levels;  // of the units that keep it; empty: all
  bool by_own = true;               // the unit itself writes …
  bool by_above = false;            // … and units above it
  bool below = false;               // every unit below hears of it
  std::vector<std::string> key;     // fields whose values make the key
  std::vector<RegisterField> fields;

  const RegisterField* field(std::string_view id_or_label) const;
};

// A condition on an entry or an issue: "kind=village", "kind=village|town", "member!" (given),
// "member?" (not given), "kind!=village".
struct Condition {
  enum class Sense { kIs, kIsNot, kGiven, kAbsent };
  std::string field;
  Sense sense = Sense::kGiven;
  std::vector<std::string> values;
};

// A number that is counted from registers, issues or units; each counts whole things, so it can
// be opened down to them.
struct Measure {
  enum class Of {
    kEntries,    // entries of a register
    kUnits,      // units of a level
    kUnitsWith,  // units of a level that have at least one entry
    kIssues,     // issues by home
    kSessions,   // sessions recorded in issues, by the issue's home
  };
  Label label;
  Of of = Of::kEntries;
  std::string register_id;
  std::string level;  // of the unit it is counted for; empty: any
  std::string kind;   // of the unit: division, sector …; empty: any
  std::string date;   // field that places it in a period
  std::string at;     // unit field it is counted for; empty: the unit whose book it is
  std::string sum;    // number field that is added up instead of counting
  std::string by;     // field whose values it is split by
  std::vector<Condition> where;
};

struct Rate {  // of two measures, which are named
  Label label;
  std::string count, among;
  std::uint64_t scale = 1;  // `among` times this is the whole: 100 for scores of 0 to 100
};

// Something that ought to be there.
struct Gap {
  Label label;
  std::string level;  // units of this level …
  std::string kind;
  std::string entries;        // … or entries of this register …
  std::string register_id;    // … that no entry of this register belongs to, names or points at
  std::string field;          // unit or entry field that names it; empty: the unit whose book it is
  std::vector<Condition> of;  // which entries ought to have it
  std::vector<Condition> where;  // which entries count
};

struct Minimum {
  Label label;
  std::string level, kind;
  std::string measure;
  std::uint64_t at_least = 0;  // in a calendar year
};

struct StarComponent {
  Label label;
  std::string rate;     // weight × rate …
  std::string measure;  // … or weight × count / full, at most weight
  std::uint64_t full = 0;
  std::uint64_t weight = 0;
};
struct StarGrade {
  Label label;
  std::uint64_t stars = 0, from = 0;  // points
};
// A bulletin composed from the rating: into which register, and which of its fields take what.
struct StarBulletin {
  std::string register_id;                       // empty: none is composed
  std::string date, title, text;                 // fields
  std::string praised, urged;                    // unit fields with many; empty: only the text
  std::uint64_t praised_from = 0, urged_to = 0;  // stars: at least, at most
};
struct Stars {
  std::vector<std::string> levels;  // of the units that are rated
  std::vector<StarComponent> components;
  std::vector<StarGrade> grades;  // the highest first
  StarBulletin bulletin;
};

}  // namespace yishi::deliberation
