// Every input of the committed corpora once through its target: what the fuzzers found to be
// different ways through the code, and whatever once broke it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/target.h"

namespace yishi::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFewest = 10;  // inputs of a corpus: fewer means that one was lost

Bytes contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in.good()) << file;
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, CorpusHolds) {
  const fs::path folder = fs::path(YISHI_SOURCE_DIR) / "tests/fuzz/corpus" / GetParam().name;
  std::size_t inputs = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path());
    GetParam().run(contents(entry.path()));
    ++inputs;
  }
  EXPECT_GE(inputs, kFewest);
  GetParam().run({});
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace yishi::fuzz
