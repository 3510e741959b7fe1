#pragma once

namespace fcgi {

/// Forbids core files for this process, because its memory holds passwords for moments. Also closes /proc/self to this
/// process, unless it runs as root.
void forbid_core_dumps();

}  // namespace fcgi
