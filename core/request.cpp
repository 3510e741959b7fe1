#include "core/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "core/query_string.hpp"

namespace core {
namespace {

struct KnownParameter {
    std::string_view name;
    std::optional<std::string> Parameters::*value;
};

constexpr std::array<KnownParameter, 6> kKnown{{{"auth_username", &Parameters::auth_username},
                                                {"auth_password", &Parameters::auth_password},
                                                {"destination", &Parameters::destination},
                                                {"queue", &Parameters::queue},
                                                {"start", &Parameters::start},
                                                {"end", &Parameters::end}}};

/// The known parameter of an encoded name, or nullptr.
const KnownParameter* find_known(std::string_view encoded_name) {
    const std::optional<std::string> name = decode(encoded_name);
    const auto* const found =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const KnownParameter& known) { return known.name == name; });
    return found == kKnown.end() ? nullptr : found;
}

/// A whole number of ASCII digits that is at most max, or nothing.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t max) {
    std::int64_t number = 0;
    if (text.empty() || text.front() == '-') return std::nullopt;  // from_chars would take a minus
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > max) return std::nullopt;
    return number;
}

bool is_given(const std::optional<std::string>& value) { return value && !value->empty(); }

/// Ids count as not given also when they are zero, however many digits that has.
bool is_id_given(const std::optional<std::string>& value) {
    return is_given(value) && value->find_first_not_of('0') != std::string::npos;
}

constexpr std::int64_t kMaxId = std::numeric_limits<std::int64_t>::max();

/// RFC 4648, section 4: standard alphabet, padded, no line breaks. Nothing when it is malformed.
std::optional<std::string> decode_base64(std::string_view encoded) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (encoded.empty() || encoded.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && encoded.ends_with('=')) {
        encoded.remove_suffix(1);
        ++padding;
    }
    std::string decoded;
    unsigned bits = 0;
    int count = 0;  // of bits not yet given out
    for (const char c : encoded) {
        const std::size_t value = kAlphabet.find(c);
        if (value == kAlphabet.npos) return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            decoded += static_cast<char>(bits >> count & 0xFF);
        }
    }
    if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;  // bits that no byte holds
    return decoded;
}

/// The login in `Basic base64(username:password)`; the scheme in any letter case (RFC 7235, section 2.1).
std::optional<Login> read_basic(std::string_view authorization) {
    constexpr std::string_view kScheme = "basic ";
    if (authorization.size() < kScheme.size() ||
        !std::equal(kScheme.begin(), kScheme.end(), authorization.begin(),
                    [](char lower, char c) { return lower == (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }))
        return std::nullopt;
    authorization.remove_prefix(std::min(authorization.find_first_not_of(' ', kScheme.size()), authorization.size()));
    const std::optional<std::string> decoded = decode_base64(authorization);
    if (!decoded || !is_text(*decoded)) return std::nullopt;
    const std::size_t colon = decoded->find(':');
    if (colon == std::string::npos) return std::nullopt;
    return Login{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

}  // namespace

Result<Parameters> read_parameters(std::string_view query, std::string_view body) {
    std::vector<EncodedPair> pairs = split_pairs(query, kMaxPairs);
    const std::vector<EncodedPair> more = split_pairs(body, kMaxPairs);
    pairs.insert(pairs.end(), more.begin(), more.end());
    if (pairs.size() > kMaxPairs) return unreadable("");

    Parameters parameters;
    for (const EncodedPair& pair : pairs) {
        const KnownParameter* const known = find_known(pair.name);
        if (known == nullptr) continue;
        std::optional<std::string>& value = parameters.*known->value;
        if (value) return unreadable(known->name);
        value = decode(pair.value);
        if (!value) return unreadable(known->name);
    }
    return parameters;
}

std::optional<Login> find_login(const Parameters& parameters, std::string_view authorization) {
    std::optional<Login> login;
    if (parameters.auth_username || parameters.auth_password)
        login = Login{parameters.auth_username.value_or(""), parameters.auth_password.value_or("")};
    else
        login = read_basic(authorization);
    if (!login || login->username.empty() || login->password.empty() || login->username.size() > kMaxUsernameBytes ||
        login->password.size() > kMaxPasswordBytes)
        return std::nullopt;
    return login;
}

Result<StatisticsRequest> validate(const Parameters& parameters) {
    StatisticsRequest request;
    Errors errors;

    const bool destination_given = is_id_given(parameters.destination);
    const bool queue_given = is_id_given(parameters.queue);
    if (destination_given && queue_given) {
        errors.push_back(both_destination_and_queue());
    } else if (!destination_given && !queue_given) {
        errors.push_back(neither_destination_nor_queue());
    } else {
        request.form = destination_given ? StatisticsRequest::Form::kDestination : StatisticsRequest::Form::kQueue;
        const auto id = whole_number(destination_given ? *parameters.destination : *parameters.queue, kMaxId);
        if (id)
            request.id = *id;
        else
            errors.push_back(invalid(request.key()));
    }

    const auto read_time = [&errors](const std::optional<std::string>& value, std::string_view key,
                                     std::int64_t default_time) {
        if (!is_given(value)) return default_time;
        const auto time = whole_number(*value, kMaxTime);
        if (!time) errors.push_back(invalid(key));
        return time.value_or(default_time);
    };
    request.period.start = read_time(parameters.start, "start", 0);
    request.period.end = read_time(parameters.end, "end", kNoEnd);
    // An invalid one counts as its default here, which is never on the wrong side of the other.
    if (request.period.start > request.period.end) errors.push_back(start_after_end());

    if (!errors.empty()) return errors;
    return request;
}

}  // namespace core
