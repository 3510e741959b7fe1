#pragma once

namespace fcgi {

/// The memory holds passwords for moments: from now on none of it goes into a core file. Closes /proc/self to this
/// process, unless it is root's.
void forbid_core_dumps();

}  // namespace fcgi
