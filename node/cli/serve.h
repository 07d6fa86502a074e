// serve: options from flags, environment and a configuration file, in this order of weight.
//
// The file has a line `name = value` for each option (`bind = tcp://0.0.0.0:7400`), # for
// comments, and may also say data. In the environment an option is YISHI_ and its name in
// capitals with _ for -: YISHI_LOG_LEVEL.
#pragma once

#include "node/cli/catalog.h"

namespace yishi::cli {

std::vector<Option> serve_options();
struct ServeParsed {
  ServeOptions options;
  std::optional<Outcome> failed;
};
// environment(name): the variable's value, or nothing.
ServeParsed parse_serve(
    const Invocation& invocation,
    const std::function<std::optional<std::string>(const std::string&)>& environment);
Outcome serve(const Invocation& invocation);

}  // namespace yishi::cli
