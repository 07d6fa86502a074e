#include "crypto/sealed_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace yishi::crypto {
namespace {

namespace fs = std::filesystem;

class SealedFile : public testing::Test {
 protected:
  SealedFile()
      : folder_(fs::path(testing::TempDir()) / ("yishi-sealed-" + to_hex(random_.bytes(8)))) {
    fs::create_directories(folder_);
  }
  ~SealedFile() override { fs::remove_all(folder_); }
  SealedFile(const SealedFile&) = delete;
  SealedFile& operator=(const SealedFile&) = delete;

  std::string path() const { return folder_ / "sealed"; }

  void seal(const Bytes& plain) {
    fs::remove(path());
    auto writer = SealedWriter::create(path(), "correct horse", random_);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE(writer->write(plain).ok());
    ASSERT_TRUE(writer->finish().ok());
  }

  Result<Bytes> open(std::string_view passphrase = "correct horse") const {
    auto reader = SealedReader::open(path(), passphrase);
    if (!reader) return reader.error();
    Bytes all;
    for (;;) {
      auto some = reader->read(1'000);
      if (!some) return some.error();
      if (some->empty()) return all;
      all.insert(all.end(), some->begin(), some->end());
    }
  }

  std::string rule() const {
    const auto opened = open();
    return opened ? "" : opened.error().rule;
  }

  Bytes file() const {
    std::ifstream in(path(), std::ios::binary);
    return Bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  }
  void put(const Bytes& bytes) const {
    std::ofstream(path(), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  SystemRandom random_;
  fs::path folder_;
};

TEST_F(SealedFile, GivesBackWhatWasSealedWhereverChunksEnd) {
  for (const std::size_t size : {std::size_t{0}, kSealedChunkBytes - 1, kSealedChunkBytes,
                                 kSealedChunkBytes + 1, 3 * kSealedChunkBytes}) {
    const auto plain = random_.bytes(size);
    seal(plain);
    const auto opened = open();
    ASSERT_TRUE(opened.ok()) << size;
    EXPECT_EQ(*opened, plain) << size;
  }
}

TEST_F(SealedFile, IsItsOwnersAndNeverReplacesAnother) {
  seal(random_.bytes(10));
  struct stat found {};
  ASSERT_EQ(::stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  EXPECT_EQ(SealedWriter::create(path(), "x", random_).error().rule, "sealed.write");
}

TEST_F(SealedFile, RefusesAnotherPassphrase) {
  seal(random_.bytes(10));
  EXPECT_EQ(open("wrong").error().rule, "sealed.passphrase");
}

TEST_F(SealedFile, RefusesEveryChangedByteAndEveryCut) {
  seal(random_.bytes(40));
  const auto whole = file();
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    auto changed = whole;
    changed[at] ^= 1;
    put(changed);
    EXPECT_NE(rule(), "") << at;
    put(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(at)));
    EXPECT_EQ(rule(), "sealed.format") << at;
  }
  auto longer = whole;
  longer.push_back(0);
  put(longer);
  EXPECT_EQ(rule(), "sealed.format");
}

TEST_F(SealedFile, RefusesChunksThatChangedPlacesOrWereLeftOut) {
  seal(random_.bytes(3 * kSealedChunkBytes));
  const auto whole = file();
  const auto chunk = static_cast<std::ptrdiff_t>(4 + kSealedChunkBytes + 16);
  const auto head = whole.begin() + static_cast<std::ptrdiff_t>(kSealedHeadBytes);
  auto swapped = whole;
  std::swap_ranges(swapped.begin() + static_cast<std::ptrdiff_t>(kSealedHeadBytes),
                   swapped.begin() + static_cast<std::ptrdiff_t>(kSealedHeadBytes) + chunk,
                   swapped.begin() + static_cast<std::ptrdiff_t>(kSealedHeadBytes) + chunk);
  put(swapped);
  EXPECT_EQ(rule(), "sealed.passphrase");
  Bytes without(whole.begin(), head);
  without.insert(without.end(), head + chunk, whole.end());
  put(without);
  EXPECT_EQ(rule(), "sealed.passphrase");
  put(Bytes(whole.begin(), head + 2 * chunk));  // ends where a chunk ends
  EXPECT_EQ(rule(), "sealed.format");
}

}  // namespace
}  // namespace yishi::crypto
