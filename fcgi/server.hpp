#pragma once

#include <chrono>
#include <functional>

#include "http/log.hpp"
#include "http/message.hpp"

/// The accept loop: FastCGI connections from a listening socket that others may share, one request each, one at a time.
namespace fcgi {

struct ServerOptions {
    /// A peer has sent its whole request by then, and later taken the whole answer; else it is hung up on.
    std::chrono::milliseconds receive_timeout{2000};
};

/// Whether the descriptor is a listening socket, as spawn-fcgi and systemd's StandardInput=socket hand over.
bool is_listening_socket(int descriptor);

/// Serves the listening socket on descriptor 0 until SIGTERM, SIGINT or SIGUSR1, which are only taken between requests:
/// the one in flight is answered first. The socket itself is left as it is, for the other processes that share it,
/// but for O_NONBLOCK, which all of them need: a connection goes to one, and the rest must not wait for it.
///
/// handle is also given the connection as client_socket, which a web server closes when its client leaves: then nobody
/// waits for the answer any more. handle must not throw, and neither close nor read it. Messages about the loop itself,
/// and about connections that carry no request, go to log.
using Handle = std::function<http::Response(const http::Request& request, int client_socket)>;
void serve(const ServerOptions& options, http::Log& log, const Handle& handle);

}  // namespace fcgi
