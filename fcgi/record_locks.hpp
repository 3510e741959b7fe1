#pragma once

#include <sys/types.h>

#include <functional>

/// Record locks (fcntl(2)) on single bytes of a file, which need not exist. The kernel frees the locks of a process
/// that dies. Closing any descriptor of the file frees them too.
namespace fcgi {

/// Locks a byte for this process. Returns false when another process has it.
bool try_lock(int file, off_t byte);

void unlock(int file, off_t byte);

/// Calls visit with each of the bytes begin <= byte < end that other processes have locked.
void for_each_lock_of_others(int file, off_t begin, off_t end, const std::function<void(off_t byte)>& visit);

}  // namespace fcgi
