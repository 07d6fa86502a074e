// The policies that come with yishi.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "town.h"

namespace yishi::deliberation {
namespace {

constexpr int kRequirements = 109;  // A1 to A109

std::vector<std::filesystem::path> policy_files() {
  std::vector<std::filesystem::path> files;
  const std::string folder = std::string(YISHI_SOURCE_DIR) + "/node/deliberation/policies";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  return files;
}

TEST(PolicyFiles, EachIsInOrderAndCarriesTheNameOfItsFile) {
  const auto files = policy_files();
  EXPECT_GE(files.size(), 8U);
  for (const auto& file : files) {
    const auto policy =
        parse_policy(read_source("node/deliberation/policies/" + file.filename().string()));
    ASSERT_TRUE(policy.ok()) << file << "\n" << policy.error().en;
    EXPECT_EQ((*policy)->label.id, file.stem().string());
  }
}

TEST(PolicyFiles, EachNamesRequirementsThatThereAre) {
  const std::regex id("\\bA([0-9]+)\\b");
  for (const auto& file : policy_files()) {
    const std::string text = read_source("node/deliberation/policies/" + file.filename().string());
    std::size_t named = 0;
    for (auto one = std::sregex_iterator(text.begin(), text.end(), id);
         one != std::sregex_iterator(); ++one) {
      const int number = std::stoi((*one)[1]);
      EXPECT_TRUE(number >= 1 && number <= kRequirements) << file << " A" << number;
      named += 1;
    }
    EXPECT_GT(named, 5U) << file;
  }
}

// A matter goes its whole way under each: logged, settled as a topic, talked over, closed.
TEST(PolicyFiles, UnderEachAnIssueCanBeExplainedAndClosedFromTheStart) {
  for (const auto& file : policy_files()) {
    Town town(crypto::Suite::kEd25519Sha256,
              read_source("node/deliberation/policies/" + file.filename().string()));
    Case one(town);
    ASSERT_EQ(one.log(with_budget(1000)), "") << file;
    const std::string rule =
        one.act(Act::kClose, kVillage1, with_result("explained", "条件暂不具备"));
    EXPECT_TRUE(rule.empty() || rule.starts_with("guard.")) << file << " " << rule;
  }
}

// A place's way is data: the engine names no city.
TEST(PolicyFiles, TheEngineNamesNoCity) {
  const std::regex city(
      "huai.?an|zhenjiang|nantong|wuhan|changzhou|luzhou|ningxia|shandong|"
      "淮安|镇江|南通|武汉|常州|泸州|宁夏|山东",
      std::regex::icase);
  const std::string folder = std::string(YISHI_SOURCE_DIR) + "/node/deliberation";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".h") continue;
    std::istringstream text(read_source("node/deliberation/" + entry.path().filename().string()));
    for (std::string line; std::getline(text, line);) {
      const bool names_a_file = line.find("policies/") != std::string::npos;
      EXPECT_TRUE(names_a_file || !std::regex_search(line, city)) << entry.path() << ": " << line;
    }
  }
}

}  // namespace
}  // namespace yishi::deliberation
