// A running node: the real clock, disk, sockets and random source, made here and handed
// down to the turn and the API; stopped by SIGTERM or SIGINT after the turn it is in.
#pragma once

#include "node/cli/cli.h"

namespace yishi::node {

// Runs until it is told to stop. Exit code as in cli.h: 0 stopped; 1 refused to start, with
// the reason printed; 5 the store failed.
int serve(const cli::ServeOptions& options);

}  // namespace yishi::node
