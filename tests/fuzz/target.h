// What is fuzzed: functions that take bytes from a stranger.
//
// A target gives the bytes to the product and holds the outcome against something simpler: a
// naive reader, the same value encoded again, the same thing done in another way. What is not
// so aborts (YISHI_ASSERT), which libFuzzer and the replay test both see as a crash. A target
// keeps nothing between two inputs. README.md of tests/ says what each compares.
#pragma once

#include <array>
#include <string_view>

#include "crypto/bytes.h"

namespace yishi::fuzz {

void fuzz_envelope(View input);   // a frame, or a message's type and body
void fuzz_record(View input);     // a record, an entry's header, the body of an act
void fuzz_run(View input);        // a packed run, or a script that makes one
void fuzz_pack(View input);       // msgpack
void fuzz_directory(View input);  // changes of the topology, one after another
void fuzz_divisions(View input);  // a CSV file
void fuzz_policy(View input);     // a TOML document
void fuzz_request(View input);    // what an HTTP client sends
void fuzz_ticket(View input);     // a ticket's text, or its fields

struct Target {
  std::string_view name;  // its corpus is tests/fuzz/corpus/NAME
  void (*run)(View input);
};

inline constexpr std::array<Target, 9> kTargets{{
    {"envelope", fuzz_envelope},
    {"record", fuzz_record},
    {"run", fuzz_run},
    {"pack", fuzz_pack},
    {"directory", fuzz_directory},
    {"divisions", fuzz_divisions},
    {"policy", fuzz_policy},
    {"request", fuzz_request},
    {"ticket", fuzz_ticket},
}};

}  // namespace yishi::fuzz
