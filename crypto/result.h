// Result<T>: what a function returns that the world can make fail.
//
// An Error is a value that a person will read: it names the rule that was
// broken and the field that broke it, in both languages of the program. Our own
// bugs are not errors; they are assertions (see assert.h) and end the process.
//
// Owned by whoever holds it; no threads, no allocation beyond its strings.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "crypto/assert.h"

namespace yishi {

struct Error {
  std::string rule;   // stable machine name, dotted: "csv.parent.unknown"
  std::string field;  // what was wrong: "parent", "line 17, code"; may be empty
  std::string zh;     // one sentence for the user, Chinese
  std::string en;     // the same sentence, English
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    YISHI_ASSERT(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    YISHI_ASSERT(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    YISHI_ASSERT(ok());
    return std::get<0>(std::move(state_));
  }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  const Error& error() const {
    YISHI_ASSERT(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

// The outcome of something that returns nothing when it works.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT: implicit
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    YISHI_ASSERT(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace yishi
