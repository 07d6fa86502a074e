#include "tests/sim/check_all.h"

#include "tests/sim/check_kept.h"
#include "tests/sim/check_proof.h"
#include "tests/sim/check_received.h"
#include "tests/sim/check_registers.h"
#include "tests/sim/check_same.h"
#include "tests/sim/check_settled.h"

namespace yishi::sim {

Failures check_all(const Witness& witness) {
  const Book book(witness);
  Failures all;
  for (const auto check : {check_kept, check_received, check_proof, check_forks, check_standing,
                           check_fold, check_settled}) {
    auto found = check(book);
    all.insert(all.end(), found.begin(), found.end());
  }
  if (!witness.quiet) return all;  // what never came to rest need not agree
  for (const auto check : {check_same, check_climbs, check_registers}) {
    auto found = check(book);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace yishi::sim
