#include "crypto/key_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "crypto/random.h"

namespace yishi::crypto {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  KeyFile()
      : folder_(fs::path(testing::TempDir()) /
                ("yishi-key-file-" + to_hex(SystemRandom().bytes(8)))) {
    fs::create_directories(folder_);
  }
  ~KeyFile() override { fs::remove_all(folder_); }
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;

  std::string path(std::string_view name = "secret") const { return folder_ / name; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

 private:
  fs::path folder_;
};

// No file of this process may grow beyond `bytes` while this lives: a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit now{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &now), 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_F(KeyFile, BytesComeBackAndOnlyTheOwnerMayReadThem) {
  const Bytes bytes{1, 2, 3};
  const auto umask_before = ::umask(0);  // the mode must not hang on it
  const Status saved = save_private_file(path(), bytes);
  ::umask(umask_before);
  ASSERT_TRUE(saved) << saved.error().en;
  struct stat about {};
  ASSERT_EQ(::stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  const auto loaded = load_private_file(path(), 3);
  ASSERT_TRUE(loaded) << loaded.error().en;
  EXPECT_EQ(*loaded, bytes);
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFile, SavingAgainReplacesTheFileAndTightensItsMode) {
  std::ofstream(path()) << "an old file that others may read";
  ASSERT_EQ(::chmod(path().c_str(), 0644), 0);
  ASSERT_TRUE(save_private_file(path(), Bytes{9}));
  const auto loaded = load_private_file(path(), 10);
  ASSERT_TRUE(loaded) << loaded.error().en;
  EXPECT_EQ(*loaded, Bytes{9});
}

TEST_F(KeyFile, EmptyFileIsAFile) {
  ASSERT_TRUE(save_private_file(path(), {}));
  const auto loaded = load_private_file(path(), 0);
  ASSERT_TRUE(loaded);
  EXPECT_TRUE(loaded->empty());
}

TEST_F(KeyFile, AnyPermissionOfGroupOrOthersIsRefusedAndTheFileNamed) {
  ASSERT_TRUE(save_private_file(path(), Bytes{1}));
  for (const mode_t mode : {0640, 0620, 0610, 0604, 0602, 0601, 0777}) {
    ASSERT_EQ(::chmod(path().c_str(), mode), 0);
    const auto loaded = load_private_file(path(), 10);
    ASSERT_FALSE(loaded) << mode;
    EXPECT_EQ(loaded.error().rule, "file.mode");
    EXPECT_EQ(loaded.error().field, path());
    EXPECT_NE(loaded.error().zh.find(path()), std::string::npos);
    EXPECT_NE(loaded.error().en.find(path()), std::string::npos);
  }
  ASSERT_EQ(::chmod(path().c_str(), 0400), 0);
  EXPECT_TRUE(load_private_file(path(), 10));
}

TEST_F(KeyFile, FileOneByteBeyondTheLimitIsRefused) {
  ASSERT_TRUE(save_private_file(path(), Bytes(11)));
  EXPECT_TRUE(load_private_file(path(), 11));
  const auto loaded = load_private_file(path(), 10);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().rule, "file.size");
}

TEST_F(KeyFile, MissingFileOrFolderIsNamed) {
  const auto loaded = load_private_file(path("absent"), 10);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().rule, "file.read");
  EXPECT_EQ(loaded.error().field, path("absent"));
  const Status saved = save_private_file(path("absent/secret"), Bytes{1});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().rule, "file.write");
  EXPECT_EQ(saved.error().field, path("absent/secret"));
}

TEST_F(KeyFile, PipeOrFolderInItsPlaceIsRefusedWithoutWaiting) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const auto pipe = load_private_file(path("pipe"), 10);
  ASSERT_FALSE(pipe);
  EXPECT_EQ(pipe.error().rule, "file.kind");
  fs::create_directory(path("folder"));
  const auto folder = load_private_file(path("folder"), 10);
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().rule, "file.kind");
}

TEST_F(KeyFile, DiskFullHalfWayLeavesTheOldFileAndNothingElse) {
  ASSERT_TRUE(save_private_file(path(), Bytes(100, 1)));
  {
    const FileSizeLimit limit(4096);
    const Status saved = save_private_file(path(), Bytes(10'000, 2));
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().rule, "file.write");
  }
  const auto loaded = load_private_file(path(), 10'000);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, Bytes(100, 1));
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFile, TargetThatCannotBeReplacedLeavesNoTemporaryFile) {
  fs::create_directories(path("folder/within"));
  const Status saved = save_private_file(path("folder"), Bytes{1});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().rule, "file.write");
  EXPECT_EQ(files(), 1U);
}

TEST_F(KeyFile, TemporaryFileOfAKilledWriterIsNotInTheWay) {
  std::ofstream(path("secret.0000000000000000.tmp")) << "half";
  ASSERT_TRUE(save_private_file(path(), Bytes{1}));
  EXPECT_EQ(*load_private_file(path(), 10), Bytes{1});
}

TEST_F(KeyFile, KeysOfBothSuitesComeBack) {
  for (const Suite suite : {Suite::kEd25519Sha256, Suite::kSm2Sm3}) {
    const PrivateKey key = PrivateKey::generate(suite);
    ASSERT_TRUE(save_key(path(), key, "correct"));
    const auto loaded = load_key(path(), "correct");
    ASSERT_TRUE(loaded) << loaded.error().en;
    EXPECT_EQ(loaded->public_key(), key.public_key());
  }
}

TEST_F(KeyFile, WrongPassphraseOrDamagedKeyNamesTheFile) {
  ASSERT_TRUE(save_key(path(), PrivateKey::generate(Suite::kEd25519Sha256), "correct"));
  const auto wrong = load_key(path(), "wrong");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().rule, "key.passphrase");
  EXPECT_EQ(wrong.error().field, path());
  EXPECT_NE(wrong.error().zh.find(path()), std::string::npos);
  ASSERT_TRUE(save_private_file(path(), view_of("damaged")));
  const auto damaged = load_key(path(), "correct");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().rule, "key.pem.malformed");
  ASSERT_TRUE(save_private_file(path(), Bytes(20'000)));
  const auto large = load_key(path(), "correct");
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().rule, "file.size");
}

}  // namespace
}  // namespace yishi::crypto
