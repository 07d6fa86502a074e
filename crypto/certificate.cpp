#include "crypto/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cctype>

#include "crypto/openssl_handles.h"

namespace yishi::crypto {
namespace {

using Certificate = std::unique_ptr<X509, raw::Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, raw::Freed<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, raw::Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, raw::Freed<X509_EXTENSION_free>>;
using Address = std::unique_ptr<ASN1_OCTET_STRING, raw::Freed<ASN1_OCTET_STRING_free>>;

constexpr long kDaySeconds = 24L * 3600;
constexpr std::size_t kMaxNameBytes = 253;  // of a host name
constexpr int kSerialBits = 127;

bool is_address(const std::string& name) { return Address(a2i_IPADDRESS(name.c_str())) != nullptr; }

bool is_host(const std::string& name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return (std::isalnum(c) != 0 && c < 0x80) || c == '-' || c == '.';
         });
}

void extend(X509& certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  YISHI_ASSERT(extension != nullptr);
  YISHI_ASSERT(X509_add_ext(&certificate, extension.get(), -1) == 1);
}

std::string text_in(BIO& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

void describe(X509& certificate, const std::string& names, int days) {
  X509_set_version(&certificate, X509_VERSION_3);
  const raw::BigNumber serial(BN_new());
  YISHI_ASSERT(BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(&certificate));
  X509_gmtime_adj(X509_getm_notBefore(&certificate), -kDaySeconds);  // clocks differ
  X509_gmtime_adj(X509_getm_notAfter(&certificate), kDaySeconds * days);
  auto* subject = X509_get_subject_name(&certificate);
  const std::string common = "yishi";
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common.data()),
                             static_cast<int>(common.size()), -1, 0);
  X509_set_issuer_name(&certificate, subject);
  extend(certificate, NID_basic_constraints, "critical,CA:FALSE");
  extend(certificate, NID_key_usage, "critical,digitalSignature");
  extend(certificate, NID_ext_key_usage, "serverAuth");
  extend(certificate, NID_subject_alt_name, names);
}

}  // namespace

Result<MadeCertificate> make_certificate(const std::vector<std::string>& names, int days) {
  std::string alternatives;
  for (const auto& name : names) {
    const bool address = is_address(name);
    if (!address && !is_host(name)) {
      return Error{"certificate.name", name, "证书中的名称既不是主机名也不是 IP 地址：" + name,
                   "a name for the certificate is neither a host name nor an IP address: " + name};
    }
    alternatives +=
        (alternatives.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + name;
  }
  YISHI_ASSERT(!alternatives.empty());
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  YISHI_ASSERT(key && certificate);
  describe(*certificate, alternatives, days);
  YISHI_ASSERT(X509_set_pubkey(certificate.get(), key.get()) == 1);
  YISHI_ASSERT(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  const Memory written(BIO_new(BIO_s_mem()));
  const Memory secret(BIO_new(BIO_s_secmem()));
  YISHI_ASSERT(PEM_write_bio_X509(written.get(), certificate.get()) == 1);
  YISHI_ASSERT(PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
  return MadeCertificate{text_in(*written), text_in(*secret)};
}

}  // namespace yishi::crypto
