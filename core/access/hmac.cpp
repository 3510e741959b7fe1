#include "core/access/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace core::access {
namespace {

void expect(const char* call, int success) {
    if (success != 1) throw std::system_error{EIO, std::generic_category(), call};
}

EVP_MAC_CTX* new_context() {
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm{EVP_MAC_fetch(nullptr, "HMAC", nullptr),
                                                                      &EVP_MAC_free};
    return EVP_MAC_CTX_new(algorithm.get());
}

}  // namespace

void Hmac::Free::operator()(evp_mac_ctx_st* context) const { EVP_MAC_CTX_free(context); }

Hmac::Hmac() : context_{new_context()} {
    std::array<unsigned char, 32> key{};
    char sha256[] = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters{
        {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0), OSSL_PARAM_construct_end()}};
    expect("RAND_bytes", RAND_bytes(key.data(), static_cast<int>(key.size())));
    const int done = EVP_MAC_init(context_.get(), key.data(), key.size(), parameters.data());
    wipe(key.data(), key.size());
    expect("EVP_MAC_init", done);
}

Digest Hmac::of(std::initializer_list<std::string_view> texts) const {
    const auto add = [this](const void* bytes, std::size_t size) {
        expect("EVP_MAC_update", EVP_MAC_update(context_.get(), static_cast<const unsigned char*>(bytes), size));
    };
    expect("EVP_MAC_init", EVP_MAC_init(context_.get(), nullptr, 0, nullptr));
    for (const std::string_view text : texts) {
        const std::uint64_t length = text.size();
        add(&length, sizeof length);
        add(text.data(), text.size());
    }
    Digest result{};
    std::size_t size = 0;
    expect("EVP_MAC_final", EVP_MAC_final(context_.get(), result.data(), &size, result.size()));
    return result;
}

Digest Hmac::of(const Digest& digest, std::string_view text) const {
    return of({{reinterpret_cast<const char*>(digest.data()), digest.size()}, text});
}

std::string sha256_digits(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    Digest digest{};
    expect("EVP_Digest", EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr));
    std::string digits;
    for (const unsigned char byte : digest) digits += {kHex[byte >> 4], kHex[byte & 15]};
    return digits;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(void* bytes, std::size_t size) { OPENSSL_cleanse(bytes, size); }

}  // namespace core::access
