// What a person's change of a register becomes: checked, in the policy's spelling, with the
// revision after the one that is known here. Used by the clerk inside a turn, and by readers to
// try changes without writing them. Remembers what it has prepared, so that entries of one batch
// may point at each other. One thread; lives no longer than what it is given.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "node/deliberation/register.h"
#include "node/store/registers.h"

namespace yishi::turn {

inline constexpr std::size_t kMaxRegisterChanges = 5000;  // of one command

struct RegisterChange {
  topology::Code unit;              // whose book; empty: this node's unit
  deliberation::RegisterBody body;  // unit (in whose name) empty: the book's where that may, else
                                    // this node's
  bool withdraw = false;
};

class RegisterDesk {
 public:
  RegisterDesk(store::Database& database, const deliberation::World& world,
               const topology::Code& here)
      : registers_(database), world_(world), here_(here) {}

  // Nothing: the entry says just that already. Rules of make_register_put, and
  // "register.entry.unknown" (what is withdrawn, or pointed at in a book that is kept at or below
  // this node, is not there), "register.withdrawn".
  Result<std::optional<deliberation::RegisterDraft>> prepare(RegisterChange change);

 private:
  struct Known {
    std::uint64_t revision = 0;
    bool there = false;  // and not withdrawn
    deliberation::FieldValues fields;
  };
  Known known(const deliberation::EntryName& name) const;
  topology::Code writer(const RegisterChange& change) const;
  Status check_references(const deliberation::RegisterDraft& draft) const;

  store::Registers registers_;
  const deliberation::World& world_;
  const topology::Code& here_;
  std::map<deliberation::EntryName, Known> prepared_;
};

}  // namespace yishi::turn
