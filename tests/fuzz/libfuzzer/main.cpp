// libFuzzer's entry: one program a target, chosen when it is built.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yishi::fuzz::YISHI_FUZZ_TARGET({data, size});
  return 0;
}
