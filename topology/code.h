// The code of a unit: 12 digits of the statistical divisions (province 2, city 2,
// county 2, township 3, village 3), or such a code and a suffix for a room
// outside the territory: 320803001000-E01 (S sector, E enterprise, A association,
// T studio; two to four digits), kept by the unit whose code stands in front.
//
// A code is a name, not an identity: codes change, and the topology log says from
// which version to which. A Code is a value; making one from text can fail.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace yishi::topology {

inline constexpr std::size_t kDivisionDigits = 12;
inline constexpr std::size_t kMaxCodeBytes = 18;  // 320803001000-E0001

class Code {
 public:
  Code() = default;  // the empty code: "none", e.g. the parent of the root
  static Result<Code> parse(std::string_view text);  // rule "code.digits", "code.suffix"

  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }
  bool is_division() const { return text_.size() == kDivisionDigits; }
  // How many leading digits say something: 2, 4, 6, 9 or 12; trailing groups of zeros do not.
  std::size_t significant_digits() const;
  // The letter of the suffix, S, E, A or T; '\0' for a division.
  char suffix_letter() const {
    return text_.size() > kDivisionDigits ? text_[kDivisionDigits + 1] : '\0';
  }
  // The division whose code stands in front; a division's is itself.
  Code division() const;
  // True when this code lies inside `outer` by its digits: 320803001002 in 320803000000.
  bool extends(const Code& outer) const;
  auto operator<=>(const Code&) const = default;  // NOLINT(modernize-use-nullptr): false alarm

 private:
  std::string text_;
};

}  // namespace yishi::topology

template <>
struct std::hash<yishi::topology::Code> {
  std::size_t operator()(const yishi::topology::Code& code) const noexcept {
    return std::hash<std::string>{}(code.text());
  }
};
