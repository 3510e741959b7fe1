#pragma once

#include <cstddef>
#include <string_view>

/// How much of a request is there, and whether libfcgi may see it. libfcgi believes what a peer says: it aborts at two
/// lengths of over 2 GiB together, allocates whatever one announces, loses memory at each management record, can
/// overwrite its own stack answering FCGI_GET_VALUES, and takes the padding of a begin record, or of an empty one, for
/// the next record. So it is given only what a web server sends for one request.
namespace fcgi {

/// All parameters of a request together. nginx takes at most 32 KiB of headers (large_client_header_buffers), of which
/// a few come twice.
inline constexpr std::size_t kMaxParameterBytes = 131'072;

enum class Arrival {
    kGarbage,     ///< nothing that libfcgi may see
    kUnfinished,  ///< the parameters are not all there
    kParameters,  ///< they are, but not the whole body
    kWhole,       ///< with the whole body, or more of it than kMaxBodyBytes
};

/// received: all bytes so far of a connection that carries one request (FastCGI 1.0, section 3): a begin record,
/// parameters and body, each closed by an empty record, all of one request id.
Arrival look_at(std::string_view received);

}  // namespace fcgi
