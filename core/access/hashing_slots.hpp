#pragma once

namespace core::access {

/// The port: leave to compute a password's hash. Hashing takes a process for some 20 ms; the processes that share the
/// work must not all be at it, or a flood of wrong passwords would leave none for clients whose login needs no hash.
class HashingSlots {
  public:
    virtual ~HashingSlots() = default;

    /// Takes a slot, waiting for one up to a second when it may. False when there was none; a true must be followed by
    /// leave(). Whoever waits is one process less for the others, too.
    virtual bool enter(bool may_wait) = 0;
    virtual void leave() = 0;
};

/// Holds a slot while it lives, when it got one.
class HashingSlot {
  public:
    HashingSlot(HashingSlots& slots, bool may_wait) : slots_{slots}, entered_{slots.enter(may_wait)} {}
    ~HashingSlot() {
        if (entered_) slots_.leave();
    }
    HashingSlot(const HashingSlot&) = delete;
    HashingSlot& operator=(const HashingSlot&) = delete;

    explicit operator bool() const { return entered_; }

  private:
    HashingSlots& slots_;
    bool entered_;
};

}  // namespace core::access
