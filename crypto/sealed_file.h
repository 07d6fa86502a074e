// A file that is encrypted to a passphrase and cannot be changed, cut or mixed unseen.
//
//   file   = "yishi-sealed/1\n" (15 bytes) ‖ log2 N (1 byte, 15) ‖ salt (16) ‖ chunk …
//   chunk  = length (4 bytes, most significant first; the top bit says: the last) ‖
//            ciphertext of that length ‖ tag (16)
//   key    = scrypt(passphrase, salt, N, r = 8, p = 1), 32 bytes
//   chunk i (0, 1 …): AES-256-GCM, nonce = i (8 bytes) ‖ 0 or, the last, 1 (4 bytes);
//            authenticated with it: the first 32 bytes of the file
//
// A chunk has at most kSealedChunkBytes; only the last may be empty. A file without its last
// chunk is cut off; nothing may follow it. The salt is random, so that no key is used twice.
//
// Rules: sealed.write, sealed.read (the system's reason in the sentence), sealed.format (not
// such a file, or cut off), sealed.passphrase (wrong, or the bytes were changed: the two look
// alike). Field: the path. One thread each.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/random.h"
#include "crypto/result.h"

namespace yishi::crypto {

inline constexpr std::size_t kSealedChunkBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kSealedHeadBytes = 32;

class SealedWriter {
 public:
  // Makes the file with mode 0600; one that is there is an error.
  static Result<SealedWriter> create(const std::string& path, std::string_view passphrase,
                                     Random& random);
  SealedWriter(SealedWriter&& other) noexcept;
  SealedWriter& operator=(SealedWriter&&) = delete;
  ~SealedWriter();  // closes; an unfinished file is left as it is, and does not open

  Status write(View bytes);
  Status finish();  // the last chunk, and the file is on the disk

 private:
  SealedWriter(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Status put(View plain, bool last);
  Status write_all(View bytes);

  std::string path_;
  int file_ = -1;
  Bytes head_, key_, held_;
  std::uint64_t chunk_ = 0;
};

class SealedReader {
 public:
  static Result<SealedReader> open(const std::string& path, std::string_view passphrase);

  // The next bytes, at most `most` and at least one; empty: the end, and all was in order.
  Result<Bytes> read(std::size_t most);

 private:
  explicit SealedReader(std::string path) : path_(std::move(path)) {}
  Status next();
  Error malformed() const;

  std::string path_;
  std::ifstream in_;
  Bytes head_, key_, held_;
  std::size_t used_ = 0;
  std::uint64_t chunk_ = 0;
  bool last_ = false;
};

}  // namespace yishi::crypto
