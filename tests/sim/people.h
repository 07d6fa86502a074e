// What people ask of a node: matters logged with money around the limits of authority, every
// act along an issue's life, and a share of what cannot be done. Draws only; asks nobody.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "node/deliberation/fold.h"
#include "node/turn/command.h"
#include "tests/sim/machine.h"

namespace yishi::sim {

class People {
 public:
  explicit People(Random random) : random_(random) {}

  // Something to ask at a living, admitted machine.
  turn::Command draw(Machine& machine);

 private:
  turn::Command log(Machine& machine, const topology::Directory& directory);
  std::optional<turn::Command> act(Machine& machine, const topology::Directory& directory);
  turn::Command journal();
  turn::Command registers(const topology::Directory& directory);
  deliberation::ActBody body_for(deliberation::Act act, const deliberation::Issue& issue,
                                 const topology::Directory& directory, const topology::Code& here);
  void follow(deliberation::Act act, const deliberation::Issue& issue,
              const topology::Directory& directory, const topology::Code& here,
              deliberation::ActBody& body);
  void at_the_table(deliberation::Act act, const topology::Directory& directory,
                    deliberation::ActBody& body);

  const deliberation::World& world_of(const Machine& machine);

  struct Known {  // of one machine
    std::shared_ptr<const topology::Directory> directory;
    std::unique_ptr<deliberation::World> world;
  };
  Random random_;
  std::map<std::size_t, Known> worlds_;
};

}  // namespace yishi::sim
