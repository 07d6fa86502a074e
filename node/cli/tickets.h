// topology ticket: tickets for one or many units. The secret of a ticket is made here and
// printed; the node and the topology log only ever see its public halves.
#pragma once

#include "node/cli/invocation.h"

namespace yishi::cli {

Outcome make_tickets(const Invocation& invocation);

}  // namespace yishi::cli
