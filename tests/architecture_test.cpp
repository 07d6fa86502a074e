// The house's rules, held by reading its files: who may include whom, which file may include
// a library's headers, no file past its size, and every test file part of a program.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = YISHI_SOURCE_DIR;
constexpr std::size_t kMaxLines = 600;

// A folder, and the folders that it may include besides itself. Arrows point down.
const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"crypto", {}},
    {"topology", {"crypto"}},
    {"sync", {"topology", "crypto"}},
    {"node/deliberation", {"sync", "topology", "crypto"}},
    {"node/store", {"node/deliberation", "sync", "topology", "crypto"}},
    {"node/turn", {"node/store", "node/deliberation", "sync", "topology", "crypto"}},
    {"node/http", {"node/turn", "node/store", "node/deliberation", "sync", "topology", "crypto"}},
    {"node/cli", {"topology", "crypto"}},  // and two more: kAlso
    {"node",
     {"node/cli", "node/http", "node/turn", "node/store", "node/deliberation", "sync", "topology",
      "crypto"}},
};
const std::map<std::string, std::set<std::string>> kAlso = {
    {"node/cli", {"node/http/client.h", "sync/curve.h"}},
};
// Libraries that only these files may include.
const std::vector<std::pair<std::regex, std::regex>> kLibraries = {
    {std::regex("<zmq"), std::regex("sync/zmq_socket\\.h")},
    {std::regex("<sqlite3|<SQLiteCpp"), std::regex("node/store/.*")},
    {std::regex("<boost/(beast|asio)"), std::regex("node/http/.*")},
    {std::regex("<boost/program_options"), std::regex("node/cli/.*")},
    {std::regex("<qrencode"), std::regex("node/cli/ticket_sheet\\.cpp")},
    {std::regex("<msgpack"), std::regex("crypto/pack.*")},
    {std::regex("<openssl"), std::regex("crypto/.*")},
    {std::regex("<toml"), std::regex("node/deliberation/.*")},
    {std::regex("<zstd"), std::regex("sync/.*")},
    {std::regex("<nlohmann"), std::regex("node/(http|cli)/.*")},
};

std::vector<fs::path> sources(const std::vector<std::string>& folders) {
  std::vector<fs::path> found;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const auto extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".h") found.push_back(fs::relative(entry, kRoot));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> lines(const fs::path& file) {
  std::ifstream in(kRoot / file);
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

TEST(Architecture, ArrowsBetweenFoldersPointDown) {
  const std::regex ours("^#include \"([^\"]+)\"");
  for (const auto& file : sources({"crypto", "topology", "sync", "node"})) {
    const auto folder = file.parent_path().string();
    ASSERT_TRUE(kMayInclude.contains(folder)) << "a folder without a place: " << folder;
    for (const auto& line : lines(file)) {
      std::smatch match;
      if (!std::regex_search(line, match, ours)) continue;
      const std::string included = match[1];
      const auto target = fs::path(included).parent_path().string();
      const auto also = kAlso.find(folder);
      const bool allowed = target == folder || kMayInclude.at(folder).contains(target) ||
                           (also != kAlso.end() && also->second.contains(included));
      EXPECT_TRUE(allowed) << file << " includes " << included;
    }
  }
}

TEST(Architecture, LibrariesAreIncludedWhereTheyBelong) {
  for (const auto& file : sources({"crypto", "topology", "sync", "node"})) {
    for (const auto& line : lines(file)) {
      if (!line.starts_with("#include <")) continue;
      for (const auto& [library, place] : kLibraries) {
        if (!std::regex_search(line, library)) continue;
        EXPECT_TRUE(std::regex_match(file.string(), place)) << file << " has " << line;
      }
    }
  }
}

TEST(Architecture, EveryFolderHasAReadme) {
  for (const auto& [folder, below] : kMayInclude) {
    EXPECT_TRUE(fs::exists(kRoot / folder / "README.md")) << folder;
  }
}

TEST(Architecture, NoFileIsPastItsSize) {
  for (const auto& file : sources({"crypto", "topology", "sync", "node", "tests"})) {
    EXPECT_LE(lines(file).size(), kMaxLines) << file;
  }
}

// tests/CMakeLists.txt makes one program of each folder that it names; a folder it does not
// name would hold tests that nobody runs.
TEST(Architecture, EveryTestFileIsRegistered) {
  const auto list = lines("tests/CMakeLists.txt");
  std::size_t files = 0;
  for (const auto& file : sources({"tests"})) {
    if (!file.filename().string().ends_with("_test.cpp")) continue;
    ++files;
    const auto folder = fs::relative(file.parent_path(), "tests").string();
    const bool named = std::any_of(list.begin(), list.end(), [&](const std::string& line) {
      return folder == "."
                 ? line.find(file.filename().string()) != std::string::npos
                 : line.starts_with("yishi_test(" + folder + " ") ||
                       line.find("add_executable(" + folder + "_test ") != std::string::npos;
    });
    EXPECT_TRUE(named) << file << " is in no test program";
  }
  EXPECT_GT(files, 20U);
}

}  // namespace
