#pragma once

#include <cstddef>
#include <string_view>

/// Checks how much of a request has arrived, and whether libfcgi may read it. libfcgi believes whatever a peer says
/// (found by fuzzing). It aborts at two lengths of more than 2 GiB together. It allocates whatever length a peer
/// announces. It leaks memory at each management record. It can overwrite its own stack when it answers
/// FCGI_GET_VALUES. It takes the padding of a begin record, or of an empty record, for the next record. So libfcgi gets
/// only what a web server sends for one request.
namespace fcgi {

/// The most bytes that all parameters of a request may have together, names, values and lengths. nginx accepts at most
/// 32 KiB of headers (large_client_header_buffers), and a few of them become two parameters.
inline constexpr std::size_t kMaxParameterBytes = 131'072;

/// How much of a request has arrived.
enum class Arrival {
    kGarbage,     ///< bytes that libfcgi must not see
    kUnfinished,  ///< some of the parameters
    kParameters,  ///< all parameters, but only a part of the body
    kWhole,       ///< all parameters and the whole body, or more than kMaxBodyBytes of it
};

/// How much of a request received has. received: all bytes of a connection so far. A connection carries one request
/// (FastCGI 1.0, section 3): a begin record, parameters and body, each of them closed by an empty record, all with one
/// request id. Anything else is garbage, for example padding in the begin record.
Arrival look_at(std::string_view received);

}  // namespace fcgi
