// The fields of an act that concern a topic before the table and a session at it, read from JSON.
// Which of them an act must have is deliberation's to say.
#pragma once

#include "node/deliberation/act.h"
#include "node/http/json.h"

namespace yishi::http {

// flags, plans, via, checks, group, heard, signed, organs, view, number, item, session{…}.
void read_table(Form& form, deliberation::ActBody& body);

// Every field that an act may carry, those of the table included; which of them it must have is
// deliberation's to say.
deliberation::ActBody read_body(Form& form);

}  // namespace yishi::http
