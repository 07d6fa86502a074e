// Nothing unsigned and nothing out of authority has effect, and every fork is found.
//
// Of each machine that keeps to the rules: every entry it has was written by the log's own
// machine (by the witness' account; of a hostile log: its signature, or that of a later entry
// of the chain, is good), every record has the digest that was signed, chains have no holes
// and name no older topology than before, no personal data stand in a run, nothing was taken
// from a suspended child or from a key that was ended; misdeeds have no effect. A fork whose
// two sides reached machines below a common one leaves a true proof there, and its log is in
// quarantine; an honest log never is.
#pragma once

#include "tests/sim/check_book.h"

namespace yishi::sim {

Failures check_proof(const Book& book);
Failures check_forks(const Book& book);
Failures check_standing(const Book& book);  // suspended children, ended keys

}  // namespace yishi::sim
