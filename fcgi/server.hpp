#pragma once

#include <chrono>
#include <functional>

#include "http/log.hpp"
#include "http/message.hpp"

/// The accept loop. Takes FastCGI connections from a listening socket that other processes may share, one at a time,
/// and one request per connection.
namespace fcgi {

struct ServerOptions {
    /// The time for a peer to send its request: when it is over, a request whose parameters came is handled with the
    /// part of the body that came, and any other connection is closed. The answer is written in two steps, body and
    /// end, and a peer that takes longer than this for one of them is hung up on.
    std::chrono::milliseconds receive_timeout{2000};
};

/// Whether the descriptor is a listening socket, as spawn-fcgi and systemd (StandardInput=socket) hand it over.
bool is_listening_socket(int descriptor);

/// Answers a request. client_socket is the connection, which a web server closes when its client leaves. A Handle must
/// not throw, and must neither close nor read client_socket.
using Handle = std::function<http::Response(const http::Request& request, int client_socket)>;

/// Serves the listening socket on descriptor 0 until SIGTERM, SIGINT or SIGUSR1. A signal counts between requests only:
/// the request in flight is answered first. Other processes share the socket, so serve() changes nothing of it but
/// O_NONBLOCK, which all of them need: a connection may wake several processes, one gets it, and the others must not
/// block.
///
/// Writes to log about connections without a request and about exhausted resources. Throws std::system_error when the
/// system refuses a call that it needs, std::runtime_error when libfcgi cannot start.
void serve(const ServerOptions& options, http::Log& log, const Handle& handle);

}  // namespace fcgi
