#pragma once

#include "fcgi/config.hpp"
#include "http/handler.hpp"

/// The options of a responder whose settings are all defaults.
inline http::HandlerOptions default_options() {
    const fcgi::Config config;
    return {config.verified_logins, config.token_life, config.queued_max, config.deadline};
}
