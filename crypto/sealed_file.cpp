#include "crypto/sealed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "crypto/openssl_handles.h"
#include "crypto/password.h"

namespace yishi::crypto {
namespace {

constexpr std::string_view kSealedMagic = "yishi-sealed/1\n";
constexpr std::uint8_t kSealedCostLog = 15;  // what stretch_password takes
constexpr std::size_t kSealedSaltBytes = 16;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kLengthBytes = 4;
constexpr std::uint32_t kLastBit = 0x80000000U;
static_assert(kSealedMagic.size() + 1 + kSealedSaltBytes == kSealedHeadBytes);

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;
using Nonce = std::array<std::uint8_t, kNonceBytes>;

Nonce nonce_of(std::uint64_t chunk, bool last) {
  Nonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<std::uint8_t>(chunk >> (56 - 8 * i));
  nonce.back() = last ? 1 : 0;
  return nonce;
}

Error file_error(std::string_view rule, const std::string& path, const std::string& why) {
  const bool write = rule == "sealed.write";
  return {std::string(rule), path, (write ? "无法写 " : "无法读 ") + path + "：" + why,
          (write ? "cannot write " : "cannot read ") + path + ": " + why};
}

Error system_error(std::string_view rule, const std::string& path, int code) {
  return file_error(rule, path, std::generic_category().message(code));
}

// Encrypts, or decrypts and says whether the tag agrees. Same sizes in and out.
bool run_cipher(bool encrypt, const Bytes& key, const Nonce& nonce, const Bytes& head, View in,
                std::uint8_t* out, std::uint8_t* tag) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  int done = 0;
  const auto mode = encrypt ? 1 : 0;
  YISHI_ASSERT(context != nullptr);
  YISHI_ASSERT(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(),
                                 nonce.data(), mode) == 1);
  YISHI_ASSERT(EVP_CipherUpdate(context.get(), nullptr, &done, head.data(),
                                static_cast<int>(head.size())) == 1);
  if (!in.empty()) {
    YISHI_ASSERT(
        EVP_CipherUpdate(context.get(), out, &done, in.data(), static_cast<int>(in.size())) == 1);
  }
  const int tag_bytes = static_cast<int>(kTagBytes);
  if (!encrypt) EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag);
  std::array<std::uint8_t, 16> rest{};
  if (EVP_CipherFinal_ex(context.get(), rest.data(), &done) != 1) return false;
  if (encrypt) EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag);
  return true;
}

}  // namespace

Result<SealedWriter> SealedWriter::create(const std::string& path, std::string_view passphrase,
                                          Random& random) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return system_error("sealed.write", path, errno);
  SealedWriter writer(path, file);
  writer.head_ = copy(view_of(kSealedMagic));
  writer.head_.push_back(kSealedCostLog);
  const auto salt = random.bytes(kSealedSaltBytes);
  writer.head_.insert(writer.head_.end(), salt.begin(), salt.end());
  writer.key_ = stretch_password(passphrase, salt);
  if (auto status = writer.write_all(writer.head_); !status.ok()) return status.error();
  return writer;
}

SealedWriter::SealedWriter(SealedWriter&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      head_(std::move(other.head_)),
      key_(std::move(other.key_)),
      held_(std::move(other.held_)),
      chunk_(other.chunk_) {}

SealedWriter::~SealedWriter() {
  raw::wipe(key_);
  raw::wipe(held_);
  if (file_ >= 0) ::close(file_);
}

Status SealedWriter::write(View bytes) {
  while (!bytes.empty()) {
    if (held_.size() == kSealedChunkBytes) {
      if (auto status = put(held_, false); !status.ok()) return status;
      held_.clear();
    }
    const auto some = std::min(bytes.size(), kSealedChunkBytes - held_.size());
    held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(some));
    bytes = bytes.subspan(some);
  }
  return {};
}

Status SealedWriter::finish() {
  if (auto status = put(held_, true); !status.ok()) return status;
  if (::fsync(file_) != 0) return system_error("sealed.write", path_, errno);
  return {};
}

Status SealedWriter::put(View plain, bool last) {
  Bytes out(kLengthBytes + plain.size() + kTagBytes);
  const auto length = static_cast<std::uint32_t>(plain.size()) | (last ? kLastBit : 0);
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    out[i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
  }
  const bool done = run_cipher(true, key_, nonce_of(chunk_++, last), head_, plain,
                               out.data() + kLengthBytes, out.data() + kLengthBytes + plain.size());
  YISHI_ASSERT(done);
  return write_all(out);
}

Status SealedWriter::write_all(View bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return system_error("sealed.write", path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Error SealedReader::malformed() const {
  return {"sealed.format", path_, path_ + " 不是本程序的加密文件，或者不完整",
          path_ + " is not an encrypted file of this program, or it is cut off"};
}

Result<SealedReader> SealedReader::open(const std::string& path, std::string_view passphrase) {
  SealedReader reader(path);
  reader.in_.open(path, std::ios::binary);
  if (!reader.in_) return system_error("sealed.read", path, errno);
  reader.head_.resize(kSealedHeadBytes);
  reader.in_.read(reinterpret_cast<char*>(reader.head_.data()), kSealedHeadBytes);
  const View head(reader.head_);
  if (!reader.in_ || text_of(head.first(kSealedMagic.size())) != kSealedMagic ||
      head[kSealedMagic.size()] != kSealedCostLog) {
    return reader.malformed();
  }
  reader.key_ = stretch_password(passphrase, head.subspan(kSealedMagic.size() + 1));
  return reader;
}

Status SealedReader::next() {
  std::array<std::uint8_t, kLengthBytes> prefix{};
  in_.read(reinterpret_cast<char*>(prefix.data()), prefix.size());
  if (!in_) return malformed();
  std::uint32_t length = 0;
  for (const auto byte : prefix) length = length << 8 | byte;
  last_ = (length & kLastBit) != 0;
  length &= ~kLastBit;
  if (length > kSealedChunkBytes || (length == 0 && !last_)) return malformed();
  Bytes sealed(length + kTagBytes);
  in_.read(reinterpret_cast<char*>(sealed.data()), static_cast<std::streamsize>(sealed.size()));
  if (!in_) return malformed();
  held_.assign(length, 0);
  used_ = 0;
  if (!run_cipher(false, key_, nonce_of(chunk_++, last_), head_, View(sealed).first(length),
                  held_.data(), sealed.data() + length)) {
    held_.clear();
    return Error{"sealed.passphrase", path_, "打不开 " + path_ + "：口令不对，或者文件内容被改动过",
                 "cannot open " + path_ + ": the passphrase is wrong, or the file was changed"};
  }
  if (last_ && in_.peek() != std::ifstream::traits_type::eof()) return malformed();
  return {};
}

Result<Bytes> SealedReader::read(std::size_t most) {
  while (used_ == held_.size() && !last_) {
    if (auto status = next(); !status.ok()) return status.error();
  }
  const auto some = std::min(most, held_.size() - used_);
  const auto from = held_.begin() + static_cast<std::ptrdiff_t>(used_);
  used_ += some;
  return Bytes(from, from + static_cast<std::ptrdiff_t>(some));
}

}  // namespace yishi::crypto
