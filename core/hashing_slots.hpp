#pragma once

namespace core {

/// The port: leave to compute a password's hash. Hashing takes a process for some 20 ms; the processes that share the
/// work must not all be at it, or a flood of wrong passwords would leave none for callers who need no hash.
class HashingSlots {
  public:
    virtual ~HashingSlots() = default;

    /// Waits for a slot; false when there was none within a second. A true must be followed by leave().
    virtual bool enter() = 0;
    virtual void leave() = 0;
};

/// Holds a slot while it lives, when it got one.
class HashingSlot {
  public:
    explicit HashingSlot(HashingSlots& slots) : slots_{slots}, entered_{slots.enter()} {}
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

}  // namespace core
