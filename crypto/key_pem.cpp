// PrivateKey to and from encrypted PEM.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <array>

#include "crypto/key_handle.h"

namespace yishi::crypto {
namespace {

constexpr std::size_t kMaxPemBytes = std::size_t{16} * 1024;  // ours have about 400
constexpr int kKdfIterations = 100'000;                       // of PBKDF2 when we write
constexpr std::int64_t kMaxKdfIterations =
    1'000'000;  // when we read: bounds the time a file can take
constexpr int kSaltBytes = 16;

using raw::Freed;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>>;
using Encrypted = std::unique_ptr<X509_SIG, Freed<X509_SIG_free>>;
using PlainInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>>;
using Pbes2 = std::unique_ptr<PBE2PARAM, Freed<PBE2PARAM_free>>;
using Pbkdf2 = std::unique_ptr<PBKDF2PARAM, Freed<PBKDF2PARAM_free>>;

Error malformed() {
  ERR_clear_error();
  return {"key.pem.malformed", "key file", "不是加密的私钥(PKCS#8 PEM),或已损坏",
          "not an encrypted private key (PKCS#8 PEM), or damaged"};
}

Error foreign_algorithm() {
  ERR_clear_error();
  return {"key.pem.algorithm", "key file",
          "私钥文件的算法不受支持:只接受 Ed25519 或 SM2,以 PBES2、PBKDF2-HMAC-SHA256 和 "
          "AES-256-CBC 加密",
          "the key file's algorithm is not supported: only Ed25519 or SM2, encrypted with PBES2, "
          "PBKDF2-HMAC-SHA256 and AES-256-CBC"};
}

Error wrong_passphrase() {
  ERR_clear_error();
  return {"key.passphrase", "passphrase", "口令不对,或私钥文件已损坏",
          "the passphrase is wrong, or the key file is damaged"};
}

int nid_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  return OBJ_obj2nid(object);
}

// The parameters of an algorithm as the structure that belongs to it, or null.
template <class Owner>
Owner parameters_as(const X509_ALGOR* algorithm, const ASN1_ITEM* item) {
  const ASN1_OBJECT* object = nullptr;
  int type = V_ASN1_UNDEF;
  const void* value = nullptr;
  X509_ALGOR_get0(&object, &type, &value, algorithm);
  if (type != V_ASN1_SEQUENCE) return nullptr;
  return Owner(static_cast<typename Owner::pointer>(
      ASN1_item_unpack(static_cast<const ASN1_STRING*>(value), item)));
}

// Looked at before the passphrase is: a foreign file must not choose how long we work.
Status check_encryption(const X509_SIG& encrypted) {
  const X509_ALGOR* outer = nullptr;
  X509_SIG_get0(&encrypted, &outer, nullptr);
  if (nid_of(outer) != NID_pbes2) return foreign_algorithm();
  const auto pbes2 = parameters_as<Pbes2>(outer, ASN1_ITEM_rptr(PBE2PARAM));
  if (!pbes2) return malformed();
  if (nid_of(pbes2->encryption) != NID_aes_256_cbc) return foreign_algorithm();
  if (nid_of(pbes2->keyfunc) != NID_id_pbkdf2) return foreign_algorithm();
  const auto kdf = parameters_as<Pbkdf2>(pbes2->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
  if (!kdf) return malformed();
  if (kdf->prf == nullptr || nid_of(kdf->prf) != NID_hmacWithSHA256) return foreign_algorithm();
  std::int64_t iterations = 0;
  if (ASN1_INTEGER_get_int64(&iterations, kdf->iter) != 1 || iterations < 1) return malformed();
  if (iterations > kMaxKdfIterations) {
    return Error{"key.pem.iterations", "key file", "私钥文件要求的迭代次数过多",
                 "the key file asks for too many iterations"};
  }
  return {};
}

std::optional<Suite> suite_of(const EVP_PKEY& key) {
  if (EVP_PKEY_is_a(&key, "ED25519") == 1) return Suite::kEd25519Sha256;
  if (EVP_PKEY_is_a(&key, "SM2") == 1) return Suite::kSm2Sm3;
  return std::nullopt;
}

bool secret_of(Suite suite, const EVP_PKEY& key, std::array<std::uint8_t, kSecretBytes>& secret) {
  if (suite == Suite::kEd25519Sha256) {
    std::size_t size = secret.size();
    return EVP_PKEY_get_raw_private_key(&key, secret.data(), &size) == 1 && size == secret.size();
  }
  BIGNUM* number = nullptr;
  const bool found = EVP_PKEY_get_bn_param(&key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1;
  const raw::BigNumber owner(number);
  return found && BN_bn2binpad(number, secret.data(), static_cast<int>(secret.size())) ==
                      static_cast<int>(secret.size());
}

// The one PBES2 setting that we write, with fresh salt and initial vector.
Algorithm fresh_encryption() {
  Algorithm algorithm(PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), kKdfIterations, nullptr, kSaltBytes,
                                        nullptr, NID_hmacWithSHA256));
  YISHI_ASSERT(algorithm);
  return algorithm;
}

}  // namespace

std::string PrivateKey::to_encrypted_pem(std::string_view passphrase) const {
  YISHI_ASSERT(handle_ != nullptr && passphrase.size() <= kMaxPassphraseBytes);
  const PlainInfo plain(EVP_PKEY2PKCS8(handle_->key.get()));
  YISHI_ASSERT(plain);
  Algorithm algorithm = fresh_encryption();
  const Encrypted encrypted(PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()),
                                           plain.get(), algorithm.get()));
  YISHI_ASSERT(encrypted);
  (void)algorithm.release();  // now encrypted's
  const Bio out(BIO_new(BIO_s_mem()));
  YISHI_ASSERT(out);
  YISHI_ASSERT(PEM_write_bio_PKCS8(out.get(), encrypted.get()) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<PrivateKey> PrivateKey::from_encrypted_pem(std::string_view pem,
                                                  std::string_view passphrase) {
  if (pem.size() > kMaxPemBytes) return malformed();
  if (passphrase.size() > kMaxPassphraseBytes) return wrong_passphrase();
  const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  YISHI_ASSERT(in);
  const Encrypted encrypted(PEM_read_bio_PKCS8(in.get(), nullptr, nullptr, nullptr));
  if (!encrypted) return malformed();
  if (auto fine = check_encryption(*encrypted); !fine) return fine.error();

  const PlainInfo plain(
      PKCS8_decrypt(encrypted.get(), passphrase.data(), static_cast<int>(passphrase.size())));
  if (!plain) return wrong_passphrase();
  const raw::Pkey key(EVP_PKCS82PKEY(plain.get()));
  if (!key) return malformed();
  const auto suite = suite_of(*key);
  if (!suite) return foreign_algorithm();
  std::array<std::uint8_t, kSecretBytes> secret{};
  const raw::Wiper wiper(secret);
  if (!secret_of(*suite, *key, secret)) return malformed();
  auto made = from_secret(*suite, secret);
  // SM2 files carry the public key too: one that does not belong tells of damage.
  if (made && made->public_key().raw() != raw::public_of(*suite, *key)) return malformed();
  return made;
}

}  // namespace yishi::crypto
